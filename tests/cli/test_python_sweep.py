"""A sweep from Python: what the process that trains says, how it ends, and where its folder is."""

import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from tests import pretend
from tests.pretend import Launcher

import mnist_sweeps
from mnist_sweeps.cli import python_sweep
from mnist_sweeps.config.errors import ConfigError


def child(code: str) -> list[str]:
    """The command of a process that runs this code."""
    return [sys.executable, "-c", f"import sys\n{code}"]


def test_runs_that_end_and_messages_are_printed_where_no_bar_can_be(capsys: pytest.CaptureFixture[str]) -> None:
    said = (
        "sys.stderr.reconfigure(encoding='utf-8'); print('2 runs, größer\\n1/2 softmax, seed 0: ...', file=sys.stderr)"
    )
    assert python_sweep.run(child(f"print('the table'); {said}"), "mine") == 0
    assert capsys.readouterr().out == "2 runs, größer\n1/2 softmax, seed 0: ...\n"


def test_where_a_bar_is_drawn_runs_that_end_move_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shown: list[object] = []

    class Bars:
        def start(self) -> None:
            shown.append("start")

        def show(self, *state: object) -> None:
            shown.append(state)

        def stop(self) -> None:
            shown.append("stop")

    monkeypatch.setattr(python_sweep, "_bars", lambda name: Bars())
    python_sweep.run(child("print('said\\n1/2 softmax, seed 0: ...', file=sys.stderr)"), "mine")
    assert shown == ["start", (1, 2, {}, "softmax, seed 0: ..."), "stop"]
    assert capsys.readouterr().out == "said\n"


def test_failed_runs_are_no_error() -> None:
    assert python_sweep.run(child("sys.exit(1)"), "mine") == 1


def test_what_the_command_refuses_is_a_config_error() -> None:
    with pytest.raises(ConfigError, match=r"^seeds=0: at least 1$"):
        python_sweep.run(child("print('seeds=0: at least 1', file=sys.stderr); sys.exit(2)"), "mine")


def test_an_interrupted_training_interrupts_the_caller() -> None:
    with pytest.raises(KeyboardInterrupt):
        python_sweep.run(child("sys.exit(130)"), "mine")


def test_a_lost_process_is_said() -> None:
    with pytest.raises(RuntimeError, match=r"^mine: the process that trains ended with exit code -9$"):
        python_sweep.run(child("import os; os.kill(os.getpid(), 9)"), "mine")


@pytest.fixture
def trained(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The overrides of the processes that were asked to train, and only pretended."""
    pretend.prepare(tmp_path, monkeypatch)
    asked: list[list[str]] = []

    def run(command: Sequence[str], name: str) -> int:
        asked.append([*command[3:]])
        Launcher({"plain": 0.9, "other-optimizer": 0.8}).sweep(*command[3:])
        return 0

    monkeypatch.setattr(python_sweep, "run", run)
    return asked


def test_the_table_of_the_sweep_is_returned(trained: list[list[str]]) -> None:
    table = mnist_sweeps.sweep("mine", ["seeds=3"])
    assert trained == [["sweep=mine", "seeds=3"]]
    assert list(table["variant"]) == ["plain", "other optimizer", "plain again"]
    assert list(table["runs"]) == [3, 3, 3]


def test_a_fresh_sweep_is_found_next_to_the_earlier_ones(trained: list[list[str]]) -> None:
    mnist_sweeps.sweep("mine")
    fresh = mnist_sweeps.sweep("mine", ["fresh=true", "seeds=1"])
    assert fresh.report.folder.name.startswith("mine,seeds=1,20")
    assert list(fresh["runs"]) == [1, 1, 1]


def test_without_a_name_the_overrides_alone_are_trained(trained: list[list[str]]) -> None:
    table = mnist_sweeps.sweep(overrides=["model=softmax", "optimizer=adam,sgd"])
    assert trained == [["model=softmax", "optimizer=adam,sgd"]]
    assert len(table) == 2


@pytest.mark.parametrize("overrides", [["seeds=0"], ["optimzer=adam"], ["--cfg", "job"]])
def test_a_wrong_configuration_is_refused_before_any_process_is_started(
    trained: list[list[str]], overrides: list[str]
) -> None:
    with pytest.raises(ConfigError):
        mnist_sweeps.sweep("mine", overrides)
    assert trained == []
