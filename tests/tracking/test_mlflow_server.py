"""A sweep sent to a real MLflow server, whose store is an SQLite file, while it is trained."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
from mlflow import MlflowClient
from tests.chaos.commands import Sweep

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.skipif(
        not list(metadata.distributions(name="mlflow")), reason="the server is in mlflow, not in mlflow-skinny"
    ),
]

PATIENCE = 180  # seconds that the server may take to start on a busy machine
ROWS = {"plain": {}, "slow": {"optimizer.learning_rate": 0.001}}


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    """Its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    places = ["--backend-store-uri", f"sqlite:///{tmp_path}/store.db", "--artifacts-destination", f"{tmp_path}/files"]
    network = ["--host", "127.0.0.1", "--port", str(port), "--workers", "1"]
    with (tmp_path / "server.log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "mlflow", "server", *places, *network],
            stdout=log, stderr=log, env={**os.environ, "MLFLOW_DISABLE_TELEMETRY": "true"},
        )  # fmt: skip
        try:
            until = time.monotonic() + PATIENCE
            while not answers(address):
                assert process.poll() is None and time.monotonic() < until, (tmp_path / "server.log").read_text()
                time.sleep(0.2)
            yield address
        finally:
            process.terminate()
            process.wait()


def answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/health") as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, ConnectionError):
        return False


def test_the_server_shows_a_sweep_as_a_run_with_a_child_for_each_of_its_runs(server: str, tmp_path: Path) -> None:
    sweep = Sweep(tmp_path / "home", "tracked").ask(ROWS)
    settings = {"MLFLOW_TRACKING_URI": server, "MLFLOW_DISABLE_TELEMETRY": "true"}
    ended = sweep.run("tracker=mlflow", **settings)
    assert ended.code == 0, ended.err

    client = MlflowClient(server)
    found = runs(client)
    names = {f"{row}, seed {seed}" for row in ROWS for seed in (0, 1)}
    assert found.keys() == {"tracked", *names}
    assert {run.info.status for run in found.values()} == {"FINISHED"}
    parent = found["tracked"].info.run_id
    assert {found[name].data.tags["mlflow.parentRunId"] for name in names} == {parent}
    child = found["slow, seed 1"]
    assert child.data.params["optimizer.learning_rate"] == "0.001"
    history = client.get_metric_history(child.info.run_id, "epoch_loss")
    lines = sweep.histories()["slow/seed-1"].decode().splitlines()[1:]
    assert [(point.step, point.value) for point in sorted(history, key=lambda point: point.step)] == [
        (int(epoch), float(loss)) for epoch, loss, *_ in (line.split(",") for line in lines)
    ]
    assert child.data.metrics["test_accuracy"] == sweep.records()["slow/seed-1"]["metrics"]["test_accuracy"]
    written = Path(client.download_artifacts(child.info.run_id, "run.json", str(tmp_path)))
    assert written.read_bytes() == (sweep.folder / "slow" / "seed-1" / "run.json").read_bytes()
    kept = {file.path for file in client.list_artifacts(parent)}
    assert {"report.html", "report.csv", "sweep.yaml", "figures"} <= kept

    again = sweep.run("tracker=mlflow", **settings)  # nothing is sent twice
    assert again.code == 0, again.err
    assert {name: run.info.run_id for name, run in runs(client).items()} == {
        name: run.info.run_id for name, run in found.items()
    }


def runs(client: MlflowClient) -> dict[str, Any]:
    """By name."""
    experiment = client.get_experiment_by_name("tracked")
    return {run.info.run_name: run for run in client.search_runs([experiment.experiment_id])}
