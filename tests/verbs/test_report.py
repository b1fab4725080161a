"""The report again, from the run folders."""

from pathlib import Path

import pytest

from mnist_sweeps.config import ConfigError
from mnist_sweeps.verbs import report

FILES = ("report.txt", "report.md", "report.csv", "report.html", "histories.csv")


def test_deleted_files_are_made_again_to_the_byte(swept: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = {name: (swept / name).read_bytes() for name in FILES}
    for name in FILES:
        (swept / name).unlink()
    capsys.readouterr()
    assert report.main([str(swept)]) == 0
    assert {name: (swept / name).read_bytes() for name in FILES} == before
    assert capsys.readouterr().out.strip() == before["report.txt"].decode().strip()


def test_a_sweep_that_is_not_complete_is_exit_code_1(swept: Path) -> None:
    (swept / "plain" / "seed-1" / "run.json").unlink()
    assert report.main([str(swept)]) == 1


def test_several_sweeps_are_reported_in_turn(swept: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert report.main([str(swept), str(swept)]) == 0
    assert capsys.readouterr().out.count("mine: Which?") >= 2


def test_a_folder_without_a_sweep_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"^report .*sweep.yaml"):
        report.main([str(tmp_path)])
