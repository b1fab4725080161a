"""A repository to start from."""

from pathlib import Path

import pytest

from mnist_sweeps.cli.main import run_command

FILES = ["conf/sweep/first.yaml", ".github/workflows/sweeps.yml", ".pre-commit-config.yaml"]


def test_what_was_written_is_printed_with_the_next_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run_command("init", []) == 0
    assert capsys.readouterr().out.splitlines() == [*FILES, "next: mnist-sweeps check sweep=first"]
    assert sorted(str(path) for path in Path().rglob("*") if path.is_file()) == sorted(FILES)
