"""Sweeps from Python: the command trains in a separate process, whose progress is shown here.

So workers are those of the command line, and a script or notebook is not run again in them; a Hydra session of the
caller's, its signals and its loaded backend are left alone.
"""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from collections.abc import Iterable, Sequence
from glob import escape
from importlib.util import find_spec
from pathlib import Path

from rich.console import Console

from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.planning.planner import plan_in_session
from mnist_sweeps.runtime.messages import LOGGER
from mnist_sweeps.sweeps.progress_bars import ProgressBars

CHILD = "mnist_sweeps.cli.training_process"
ENDED = re.compile(r"(\d+)/(\d+) (.*)")  # what `sweeps.progress` says of a run: `3/18 softmax, seed 0: ...`
SECONDS_TO_END = 5.0  # then SIGINT is sent: a terminal and a kernel interrupt the child process themselves


def train(arguments: Sequence[str]) -> Path:
    """The folder of the sweep, after what is missing of it is trained.

    Args:
        arguments: Overrides of a command line: `["sweep=quickstart", "seeds=5"]`.

    Raises:
        ConfigError: The configuration is wrong; nothing was trained.
        KeyboardInterrupt: The training was interrupted; its report is written.
        RuntimeError: The process that trains was lost.
    """
    planned = plan_in_session(arguments)
    folder = planned.folder
    earlier = _dated(folder)
    code = run([sys.executable, "-m", CHILD, *arguments], planned.name)
    if planned.fresh:
        folder = max(_dated(folder) - earlier)  # the date is in its name
    if code:
        LOGGER.warning(f"{folder}: not all runs completed; the column status says which")
    return folder


def run(command: Sequence[str], name: str) -> int:
    """The exit code of a process that trains, 0 or 1, after its progress was shown.

    Args:
        command: What is run.
        name: Of the sweep.

    Raises:
        ConfigError, KeyboardInterrupt, RuntimeError: As `train`.
    """
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        encoding="utf-8", errors="replace",
    ) as process:  # fmt: skip
        try:
            said = _follow(process.stderr or (), name)
            code = process.wait()
        except KeyboardInterrupt:
            _interrupt(process)
            raise
    if code == 130:
        raise KeyboardInterrupt
    if code == 2:
        raise ConfigError("\n".join(said))
    if code not in (0, 1):
        raise RuntimeError(f"{name}: the process that trains ended with exit code {code}")
    return code


def _dated(folder: Path) -> set[Path]:
    """The folders of `fresh=true`: the name of the sweep with a date."""
    return set(folder.parent.glob(f"{escape(folder.name)},*"))


def _follow(lines: Iterable[str], name: str) -> list[str]:
    """The lines that are no progress, after each is printed; runs that ended move the bar, else they are printed."""
    bars = _bars(name)
    said = []
    if bars:
        bars.start()
    try:
        for line in map(str.rstrip, lines):
            ended = ENDED.fullmatch(line)
            if ended and bars:
                bars.show(int(ended[1]), int(ended[2]), {}, ended[3])
            else:
                LOGGER.info(line)
            if not ended:
                said.append(line)
    finally:
        if bars:
            bars.stop()
    return said


def _bars(name: str) -> ProgressBars | None:
    """A bar on a terminal, and in a notebook where ipywidgets, which rich draws with, is installed."""
    console = Console()
    shown = console.is_terminal or (console.is_jupyter and find_spec("ipywidgets") is not None)
    return ProgressBars(name, console) if shown else None


def _interrupt(process: subprocess.Popen[str]) -> None:
    """Waits until the interrupted process has written its report."""
    try:
        process.wait(SECONDS_TO_END)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGINT)
        process.wait()
