"""Bars on a terminal."""

import io
import os
import pty
import subprocess
import sys

import pytest
from rich.console import Console

from mnist_sweeps.sweeps.progress_bars import ProgressBars


@pytest.fixture
def terminal() -> Console:
    return Console(file=io.StringIO(), force_terminal=True, width=120, color_system=None)


def shown(terminal: Console) -> str:
    assert isinstance(terminal.file, io.StringIO)
    return terminal.file.getvalue()


def test_the_sweep_and_each_run_under_way_have_a_bar(terminal: Console) -> None:
    bars = ProgressBars("quickstart", terminal)
    bars.start()
    bars.show(1, 18, {"softmax, seed 1": (4, 10)}, "best 93.1% (softmax) · 0:45 left")
    bars.stop()
    last = shown(terminal)
    for text in ("quickstart", "1/18", "best 93.1% (softmax) · 0:45 left", "softmax, seed 1", "4/10", "epochs"):
        assert text in last


def test_the_bar_of_a_run_that_ended_goes(terminal: Console) -> None:
    bars = ProgressBars("sweep", terminal)
    bars.show(0, 2, {"a, seed 0": (1, 3), "b, seed 0": (2, 3)}, "")
    bars.show(1, 2, {"b, seed 0": (3, 3)}, "")
    assert [task.description for task in bars.display.tasks] == ["sweep", "  b, seed 0"]


def test_runs_whose_long_names_begin_alike_are_told_apart(terminal: Console) -> None:
    bars = ProgressBars("sweep", terminal)
    bars.show(0, 2, {f"{'x' * 50}, seed {seed}": (1, 3) for seed in (0, 1)}, "")
    assert [task.description for task in bars.display.tasks[1:]] == ["  xxxxxxxxxxxxx…seed 0", "  xxxxxxxxxxxxx…seed 1"]


def test_names_are_shown_as_they_are(terminal: Console) -> None:
    bars = ProgressBars("x", terminal)
    bars.start()
    bars.show(0, 1, {"[red]model.hidden=[64]\x1b[2J" + "x" * 50: (0, 1)}, "[b]best")
    bars.stop()
    assert "[red]model.hidden=[64] [2Jxxx" in shown(terminal)
    assert "x" * 50 not in shown(terminal)
    assert "[b]best" in shown(terminal)


def test_on_a_real_terminal_messages_stand_above_the_bars_and_the_bars_go() -> None:
    code = (
        "from mnist_sweeps.runtime.messages import LOGGER; from mnist_sweeps.sweeps.progress_bars import ProgressBars\n"
        "bars = ProgressBars('sweep'); bars.start(); bars.show(1, 2, {'a, seed 0': (1, 3)}, 'note')\n"
        "LOGGER.info('a message'); bars.stop(); print('the table')"
    )
    driver, worker = pty.openpty()
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "100"}
    subprocess.run([sys.executable, "-c", code], stdout=worker, stderr=worker, check=True, env=environment)
    os.close(worker)
    output = b""
    while True:
        try:
            chunk = os.read(driver, 4096)
        except OSError:  # Linux: the other end is closed
            break
        if not chunk:
            break
        output += chunk
    os.close(driver)
    text = output.decode()
    assert text.index("a message") < text.index("the table")
    assert "\x1b[2K" in text.partition("a message")[2]  # the bars are erased
