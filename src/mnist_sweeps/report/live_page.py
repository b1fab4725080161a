"""The page of a sweep while it runs: made again whenever its folder has changed."""

from __future__ import annotations

import secrets
import threading
import time
from pathlib import Path

from mnist_sweeps.report.load import read
from mnist_sweeps.report.page import render
from mnist_sweeps.report.page.render import Reload
from mnist_sweeps.storage import folder_names, run_file, run_folder, sweep_file
from mnist_sweeps.storage.sweep_file import read_sweep_file
from mnist_sweeps.storage.sweep_record import SweepRecord

SECONDS_TO_RELOAD = 5
REPORT = "report.html"  # what the command that trains writes after the last run
State = dict[str, tuple[int, int] | None]  # by file: time of its last change in ns, and bytes; None where it is missing


class LivePage:
    """The page of the sweep in a folder, from sweep.yaml and the run folders alone."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.state: tuple[State, bool] | None = None  # of the page; whether it had finished
        self.version = ""
        self.page = ""
        self.took = 0.0  # seconds to make it
        self.lock = threading.Lock()  # a page is made once, however many browsers ask

    def current(self) -> str:
        """The page as the folder is now.

        Raises:
            OSError, ValueError: sweep.yaml is missing, or does not describe a sweep.
        """
        with self.lock:
            finished = self.finished()  # before the page, which then has all runs
            state = (_state(self.folder), finished)  # before it is read: what changes meanwhile is seen the next time
            if state != self.state:
                version, began = secrets.token_hex(8), time.monotonic()
                # A browser that asks again before it has an answer gives up the first one.
                reload = None if finished else Reload(version, max(SECONDS_TO_RELOAD, 2 * self.took))
                self.page = render.render(read(self.folder), reload)
                self.state, self.version, self.took = state, version, time.monotonic() - began
            return self.page

    def is_newer_than(self, version: str) -> bool:
        """Whether `current` would give another page than that of this version.

        Raises:
            OSError, ValueError: As `current`.
        """
        with self.lock:
            return version != self.version or self.state != (_state(self.folder), self.finished())

    def finished(self) -> bool:
        """Whether all runs have ended, be it without a result, and the command that trains has written its report.

        Raises:
            OSError, ValueError: As `current`.
        """
        plan = read_sweep_file(self.folder)
        runs = _planned_runs(plan, self.folder)
        drawn = plan.search is None or len(plan.search.drawn) >= plan.search.trials
        return drawn and all(map(_ended, runs)) and _is_newer(self.folder / REPORT, runs)


def _planned_runs(plan: SweepRecord, folder: Path) -> list[Path]:
    return [
        run_folder.folder_of(folder / variant.folder, run)
        for variant in plan.variants
        if variant.same_as is None
        for run in variant.runs
    ]


def _ended(run: Path) -> bool:
    state = run_folder.run_state(run)
    return state != "not begun" and not state.startswith("running")


def _is_newer(report: Path, runs: list[Path]) -> bool:
    written = _stamp(report)
    ended = (_stamp(run / run_file.NAME) for run in runs)
    return written is not None and all(stamp is None or stamp[0] <= written[0] for stamp in ended)


def _state(folder: Path) -> State:
    """What the page is made from: sweep.yaml, the record of each run that was begun, and the figures of the report."""
    variants = sorted(path for path in folder.iterdir() if path.is_dir())
    records = [run / run_file.NAME for variant in variants for run in folder_names.run_folders(variant)]
    return {str(path): _stamp(path) for path in (folder / sweep_file.NAME, folder / REPORT, *records)}


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size
