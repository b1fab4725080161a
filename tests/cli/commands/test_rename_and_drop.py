"""Rows of a finished sweep renamed and dropped: nothing is trained, and the report follows."""

from pathlib import Path

import pandas as pd
import pytest
import yaml
from tests.pretend import Launcher

from mnist_sweeps.cli.main import run_command
from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.storage import run_folder
from mnist_sweeps.storage.run_lock import lock_run


def rows(swept: Path) -> dict[str, float]:
    table = pd.read_csv(swept / "report.csv")
    return dict(zip(table["variant"], table["test_accuracy_mean"], strict=True))


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs that nobody trained have no weights to draw."""
    monkeypatch.setattr("mnist_sweeps.job.missing_figures.draw", lambda *_: True)


@pytest.mark.usefixtures("drawn")
def test_a_renamed_row_keeps_its_runs(swept: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = rows(swept)
    record = run_folder.read(swept / "other-optimizer" / "seed-0")
    assert run_command("rename", [str(swept), "other optimizer", "SGD"]) == 0
    assert "outputs/mine/SGD: the runs of other optimizer, now SGD" in capsys.readouterr().out
    assert rows(swept) == {{"other optimizer": "SGD"}.get(name, name): value for name, value in before.items()}
    assert run_folder.read(swept / "SGD" / "seed-0") == record
    assert not (swept / "other-optimizer").exists()
    assert "other optimizer" not in (swept / "report.md").read_text()
    sweep = Path("conf/sweep/mine.yaml")
    sweep.write_text(sweep.read_text().replace("other optimizer", "SGD"))
    assert Launcher().sweep("sweep=mine") == []


@pytest.mark.usefixtures("drawn")
def test_a_dropped_row_stays_on_the_disk_and_counts(swept: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command("drop", [str(swept), "other optimizer"]) == 0
    assert "other optimizer: its runs are still in outputs/mine/other-optimizer" in capsys.readouterr().out
    assert "other optimizer" not in rows(swept)
    assert (swept / "other-optimizer" / "seed-0" / "run.json").exists()
    note = "Dropped after training, and still counted where p is adjusted: other optimizer."
    assert note in (swept / "report.md").read_text()
    assert yaml.safe_load((swept / "sweep.yaml").read_text())["schema_version"] == 2
    assert Launcher().sweep("sweep=mine") == []  # the file still has it, and so have table and runs
    assert "other optimizer" in rows(swept)
    assert "dropped" not in yaml.safe_load((swept / "sweep.yaml").read_text())


def test_a_sweep_that_is_being_trained_is_left_alone(swept: Path) -> None:
    with lock_run(swept / "plain" / "seed-0"), pytest.raises(ConfigError, match="plain is being trained; wait"):
        run_command("rename", [str(swept), "plain", "base"])


def test_a_folder_in_the_way_is_not_written_over(swept: Path) -> None:
    (swept / "base").mkdir()
    with pytest.raises(ConfigError, match="outputs/mine/base: is in the way"):
        run_command("rename", [str(swept), "plain", "base"])
    assert (swept / "plain").is_dir()
