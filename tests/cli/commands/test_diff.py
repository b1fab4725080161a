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


def test_a_typo_is_one_line(swept: Path) -> None:
    with pytest.raises(ConfigError, match="no row plian; did you mean plain"):
        run_command("diff", [str(swept), f"{swept}/plian"])
