"""Two sweeps, two rows."""

from pathlib import Path

import pytest

from mnist_sweeps.cli.main import run_command
from mnist_sweeps.config.errors import ConfigError


def test_two_rows_are_compared(swept: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert run_command("diff", [f"{swept}/plain", f"{swept}/other optimizer"]) == 0
    printed = capsys.readouterr().out
    assert printed.startswith("A: mine, row plain (outputs/mine)\nB: mine, row other optimizer (outputs/mine)\n")
    assert "optimizer.name" in printed and "adam -> sgd" in printed


def test_a_page_is_written_into_the_folder_of_the_first(swept: Path) -> None:
    assert run_command("diff", [f"{swept}/plain", f"{swept}/other optimizer", "--page"]) == 0
    assert "adam" in (swept / "diff+plain+other-optimizer.html").read_text(encoding="utf-8")
    assert run_command("diff", [str(swept), str(swept), "--page"]) == 0
    assert (swept / "diff.html").is_file()


def test_a_page_that_cannot_be_written_is_exit_code_1(read_only: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert run_command("diff", [f"{read_only}/plain", f"{read_only}/other optimizer", "--page"]) == 1
    assert capsys.readouterr().err.startswith("the page is not written: [Errno 30]")


def test_a_typo_is_one_line(swept: Path) -> None:
    with pytest.raises(ConfigError, match="no row plian; did you mean plain"):
        run_command("diff", [str(swept), f"{swept}/plian"])
