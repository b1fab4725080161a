"""Folders that commit beaa16e wrote are reported, resumed, counted and exported as then."""

import csv
import io
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.pretend import BUILT, Launcher

from mnist_sweeps import report
from mnist_sweeps.report.tables import csv_files
from mnist_sweeps.storage import model_summary, run_folder, variant_folder
from mnist_sweeps.storage.folder_names import run_folders
from mnist_sweeps.storage.sweep_file import read_sweep_file
from mnist_sweeps.sweeps import driver

FIXTURE = Path(__file__).parent / "fixtures" / "sweep_of_beaa16e"
SWEEPS = ["old", "old_search", "old_folds"]
RUNS = {"old": 4, "old_search": 3, "old_folds": 4}


@pytest.fixture
def outputs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the folders, in a working directory with their sweep files."""
    shutil.copytree(FIXTURE / "conf", tmp_path / "conf")
    shutil.copytree(FIXTURE / "sweeps", tmp_path / "outputs")
    monkeypatch.chdir(tmp_path)
    return tmp_path / "outputs"


def command(*words: str) -> str:
    child = subprocess.run([sys.executable, "-m", "mnist_sweeps", *words], capture_output=True, text=True, check=False)
    assert (child.returncode, child.stderr) == (0, "")
    return child.stdout


def measured(table: str) -> list[dict[str, str]]:
    """The lines of a table without the columns of the test, which has changed since, and those that came later."""
    tested = ("method", "p", "p_adjusted")
    changed = ("difference_ci", "new_digits", "superiority")
    lines = csv.DictReader(io.StringIO(table))
    return [
        {key: cell for key, cell in line.items() if key not in tested and not any(part in key for part in changed)}
        for line in lines
    ]


@pytest.mark.parametrize("sweep", SWEEPS)
def test_the_tables_are_those_of_then(sweep: str) -> None:
    folder = FIXTURE / "sweeps" / sweep
    rebuilt = report.read(folder)
    assert measured(csv_files.report_csv(rebuilt)) == measured((folder / "report.csv").read_text())
    if sweep == "old":
        assert measured(csv_files.claims_csv(rebuilt)) == measured((folder / "claims.csv").read_text())
    assert csv_files.histories_csv(rebuilt) == (folder / "histories.csv").read_text()


@pytest.mark.parametrize("sweep", SWEEPS)
def test_the_same_command_keeps_every_run(outputs: Path, sweep: str, capsys: pytest.CaptureFixture[str]) -> None:
    before = (outputs / sweep / "sweep.yaml").read_bytes()
    assert Launcher().sweep(f"sweep={sweep}") == []
    assert f"{RUNS[sweep]} runs kept, made 2026-11-27 with code beaa16eea4" in capsys.readouterr().out
    assert (outputs / sweep / "sweep.yaml").read_bytes() == before


def test_more_seeds_train_only_the_new_ones(outputs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(driver, "dry_run", lambda configs: [BUILT] * len(configs))
    path = outputs.parent / "conf" / "sweep" / "old.yaml"
    path.write_text(path.read_text().replace("seeds: 2", "seeds: 3"))
    machine = read_sweep_file(outputs / "old").machine
    assert Launcher().sweep("sweep=old") == ["with-batch-norm/seed-2", "without-batch-norm/seed-2"]
    assert read_sweep_file(outputs / "old").machine == machine


def test_the_network_of_a_run_is_known(outputs: Path) -> None:
    variant = outputs / "old" / "with-batch-norm"
    record = run_folder.read(run_folders(variant)[0])
    assert record is not None and record.batch_norm and record.hidden == 1
    text = model_summary.text(model_summary.lines(record.effective), record.parameter_counts)
    assert text == (variant / "model.txt").read_text()


@pytest.mark.parametrize("sweep", SWEEPS)
def test_its_runs_are_counted(outputs: Path, sweep: str) -> None:
    assert command("status", f"outputs/{sweep}") == f"{sweep}: {RUNS[sweep]} completed\n"


@pytest.mark.slow
def test_the_best_model_is_exported(outputs: Path) -> None:
    command("export", "outputs/old")
    accuracies = {
        folder: record.validation_accuracy or 0.0
        for variant in (outputs / "old").glob("with*")
        for folder, record in variant_folder.read_all(variant).items()
    }
    best = max(sorted(accuracies), key=accuracies.__getitem__)
    exported = outputs / "old" / "export"
    assert (exported / "model.keras").is_file()
    card, record = (exported / "card.md").read_text(), run_folder.read(best)
    assert f"validation accuracy {accuracies[best]:.2%}" in card and "commit: beaa16eea4" in card
    assert record is not None and f"test accuracy {record.metrics['test_accuracy']:.2%}" in card
    assert "0 of them predicted otherwise than by the run" in card
