"""MLflow with a store in an SQLite file: what it shows of a sweep, and that nothing is sent twice."""

import json
from pathlib import Path
from typing import Any

import pytest
from mlflow import MlflowClient

from mnist_sweeps.cli.main import run_command
from mnist_sweeps.tracking.tracked_run import tracked_runs

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of MLflow's words for SQLAlchemy 2.1


def track(folder: Path) -> None:
    assert run_command("track", [str(folder), "--to", "mlflow"]) == 0


def runs(store: Path) -> dict[str, Any]:
    client = MlflowClient(f"sqlite:///{store}")
    experiment = client.get_experiment_by_name("mine")
    return {run.info.run_name: run for run in client.search_runs([experiment.experiment_id])}


def test_a_sweep_is_a_run_with_a_child_for_each_of_its_runs(swept: Path, store: Path) -> None:
    track(swept)
    found = runs(store)
    names = {f"{row}, seed {seed}" for row in ("plain", "other optimizer") for seed in (0, 1)}
    assert found.keys() == {"mine", *names}
    parent, child = found["mine"], found["plain, seed 1"]
    assert {found[name].data.tags["mlflow.parentRunId"] for name in names} == {parent.info.run_id}
    assert {run.info.status for run in found.values()} == {"FINISHED"}
    params = child.data.params
    assert (params["variant"], params["seed"], params["optimizer.name"]) == ("plain", "1", "adam")
    assert child.data.metrics["val_accuracy"] == 0.9
    assert child.data.metrics["test_accuracy"] == pytest.approx(0.1)
    client = MlflowClient()
    history = client.get_metric_history(child.info.run_id, "epoch_val_accuracy")
    assert [(point.step, point.value) for point in history] == [(1, 0.9)]
    assert {file.path for file in client.list_artifacts(child.info.run_id)} == {"run.json", "history.csv"}
    assert {"report.html", "report.csv", "sweep.yaml", "figures"} <= {
        file.path for file in client.list_artifacts(parent.info.run_id)
    }


def test_only_what_is_new_is_sent_again(swept: Path, store: Path) -> None:
    track(swept)
    before = {name: run.info.run_id for name, run in runs(store).items()}
    path = swept / "plain" / "seed-0" / "run.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "status": "killed"}))
    track(swept)
    after = runs(store)
    assert {name for name, run in after.items() if run.info.run_id != before[name]} == {"plain, seed 0"}
    assert after["plain, seed 0"].info.status == "KILLED"
    assert after["mine"].info.status == "FAILED"


def test_the_run_of_a_sweep_whose_command_was_killed_is_ended_by_the_next_one(swept: Path, store: Path) -> None:
    from mnist_sweeps.tracking.mlflow import MlflowTracker

    MlflowTracker(swept).send(tracked_runs(swept)[0])  # and then the command is killed
    before = runs(store)["mine"]
    assert before.info.status == "RUNNING"
    track(swept)
    after = runs(store)["mine"]
    assert (after.info.run_id, after.info.status) == (before.info.run_id, "FINISHED")


def test_judge_reads_the_runs_back(swept: Path, store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    track(swept)
    run_command("judge", [str(store), "--metric", "test_accuracy", "--variant", "variant", "--n-test", "200"])
    printed = capsys.readouterr().out
    assert "| plain           |    2 |" in printed and "| other optimizer |    2 |" in printed
    assert "left out" not in printed
