"""A sweep to start from."""

from pathlib import Path

import pytest

from mnist_sweeps.cli.main import run_command
from mnist_sweeps.config.errors import ConfigError


@pytest.fixture(autouse=True)
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_the_file_is_printed_with_the_next_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command("new", ["sweep", "mine"]) == 0
    assert capsys.readouterr().out.splitlines() == ["conf/sweep/mine.yaml", "next: mnist-sweeps check sweep=mine"]
    assert run_command("check", ["sweep=mine", "size=smoke"]) == 0


def test_a_second_time_nothing_is_written() -> None:
    run_command("new", ["sweep", "mine"])
    Path("conf/sweep/mine.yaml").write_text("changed")
    with pytest.raises(ConfigError, match=r"^conf/sweep/mine\.yaml: is in the way"):
        run_command("new", ["sweep", "mine"])
    assert Path("conf/sweep/mine.yaml").read_text() == "changed"


def test_only_sweeps_can_be_written() -> None:
    with pytest.raises(ConfigError, match="invalid choice: 'model'"):
        run_command("new", ["model", "mine"])
