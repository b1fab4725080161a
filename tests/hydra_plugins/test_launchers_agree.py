"""A sweep is the same by every launcher: digests, histories with equal threads, and the table."""

import csv
import os
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from tests.chaos.commands import MACHINE, Sweep

ROWS = {"softmax": {}, "slower": {"optimizer.learning_rate": 0.02}}
LAUNCHERS = {  # the words of each, and the package that it needs
    "basic": (["hydra/launcher=basic"], "hydra"),
    "joblib": (["hydra/launcher=joblib"], "hydra_plugins.hydra_joblib_launcher"),
    "ray": (["hydra/launcher=ray"], "ray"),
    "ray, copied": (["hydra/launcher=ray", "hydra.launcher.copy_results=true"], "ray"),
    "slurm": (["hydra/launcher=slurm", "hydra.launcher.cluster=local"], "submitit"),
    "submitit_local": (["hydra/launcher=submitit_local"], "hydra_plugins.hydra_submitit_launcher"),
}
OF_TIMES = ("seconds", "time", "made", "command")  # parts of names of columns that differ from sweep to sweep

pytestmark = pytest.mark.slow


def trained(folder: Path, *words: str) -> Sweep:
    sweep = Sweep(folder).ask(ROWS)
    subprocess.run(
        [sys.executable, "-m", "mnist_sweeps", "sweep=tiny", *MACHINE, *words],
        cwd=folder, check=True, capture_output=True, env={**os.environ, "COLUMNS": "200"},
    )  # fmt: skip
    return sweep


def table(sweep: Sweep) -> list[dict[str, str]]:
    """report.csv without what it took."""
    with (sweep.folder / "report.csv").open(newline="") as file:
        return [
            {key: value for key, value in row.items() if not re.search("|".join(OF_TIMES), key)}
            for row in csv.DictReader(file)
        ]


@pytest.fixture(scope="module")
def local(tmp_path_factory: pytest.TempPathFactory) -> Sweep:
    return trained(tmp_path_factory.mktemp("local"), "workers=2")


@pytest.mark.parametrize("name", LAUNCHERS)
def test_a_launcher_gives_what_the_local_one_gives(local: Sweep, tmp_path: Path, name: str) -> None:
    words, package = LAUNCHERS[name]
    if find_spec(package.partition(".")[0]) is None or find_spec(package) is None:
        pytest.skip(f"{package} is not installed")
    sweep = trained(tmp_path, *words)
    assert set(sweep.statuses().values()) == {"completed"}
    assert {run: record["digest"] for run, record in sweep.records().items()} == {
        run: record["digest"] for run, record in local.records().items()
    }
    assert sweep.histories() == local.histories()
    assert table(sweep) == table(local)
