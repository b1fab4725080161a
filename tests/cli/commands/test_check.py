"""Every variant composed and built, none trained."""

from pathlib import Path

import pytest
from tests import pretend

from mnist_sweeps.cli.commands import check
from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.sweeps import dry_run
from mnist_sweeps.sweeps.dry_run import Built


@pytest.fixture(autouse=True)
def prepared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pretend.prepare(tmp_path, monkeypatch)
    monkeypatch.setattr(check, "dry_run", lambda configs: [pretend.BUILT] * len(configs))


def test_a_sweep_is_told_row_by_row(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert check.main(["sweep=mine"]) == 0
    told = capsys.readouterr().out
    assert "mine: Which?" in told
    assert "few digits" in told
    rows = [line for line in told.splitlines() if line.startswith("| ")]
    assert [[cell.strip() for cell in row.split("|")][1:4] for row in rows[1:]] == [
        ["plain", "2", "7,850"], ["other optimizer", "2", "7,850"], ["plain again", "2", "7,850"],
    ]  # fmt: skip
    assert "optimizer" in rows[2]
    assert "= plain" in rows[3]
    assert not (tmp_path / "outputs").exists()


def test_without_a_name_every_sweep_is_checked(capsys: pytest.CaptureFixture[str]) -> None:
    assert check.main([]) == 0
    told = capsys.readouterr().out
    assert "quickstart: " in told
    assert "mine: Which?" in told  # the user's own


def test_every_fault_of_every_row_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    faults = [Built(fault="model.hidden=0: too few"), pretend.BUILT, pretend.BUILT]
    monkeypatch.setattr(check, "dry_run", lambda configs: faults)
    with pytest.raises(ConfigError, match=r"^row plain of mine: model.hidden=0: too few$"):
        check.main(["sweep=mine"])


def test_a_fault_of_many_rows_is_told_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check, "dry_run", lambda configs: [Built(fault="data=mnist: not here")] * len(configs))
    with pytest.raises(ConfigError, match=r"^row plain of mine and 2 more: data=mnist: not here$"):
        check.main(["sweep=mine"])


def test_a_sweep_that_cannot_be_composed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check, "dry_run", dry_run.dry_run)  # of nothing: no plan is left
    with pytest.raises(ConfigError, match=r"sweep=mine: row plain: model.hiden=3: there is no such key"):
        check.main(["sweep=mine", "model.hiden=3"])
