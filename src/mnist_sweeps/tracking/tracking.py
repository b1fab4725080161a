"""Tells the trackers of a sweep what its folder holds: run by run while it is trained, and at its end."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from queue import SimpleQueue
from types import TracebackType

from mnist_sweeps.runtime.messages import LOGGER
from mnist_sweeps.storage.sweep_file import read_sweep_file
from mnist_sweeps.tracking import trackers
from mnist_sweeps.tracking.tracked_run import TrackedRun, tracked_run, tracked_runs
from mnist_sweeps.tracking.trackers import Tracker


class Tracking:
    """The trackers of one sweep; a context manager, in which runs are sent by a thread, so that none has to wait.

    A tracker that fails is named in one warning, and is sent nothing more.
    """

    def __init__(self, names: Iterable[str], sweep: Path) -> None:
        """Starts nothing yet.

        Args:
            names: Of the trackers.
            sweep: The sweep's folder.
        """
        self.sweep = sweep
        self.trackers: dict[str, Tracker | None] = dict.fromkeys(names)  # None: not needed so far
        self.ended: SimpleQueue[tuple[str, Path] | None] = SimpleQueue()
        self.thread: threading.Thread | None = None

    def __enter__(self) -> Tracking:
        if self.trackers:
            self.thread = threading.Thread(target=self._send_ended, daemon=True)
            self.thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.ended.put(None)
        if self.thread and kind is not KeyboardInterrupt:  # Ctrl-C does not wait for a server
            self.thread.join()

    def add(self, variant: str, folder: Path) -> None:
        """Lets the thread send a run that has ended.

        Args:
            variant: The variant's name.
            folder: The run's folder.
        """
        if self.thread:
            self.ended.put((variant, folder))

    def finish(self) -> None:
        """Sends every run that was not sent, and the report."""
        if not self.trackers:
            return
        runs = tracked_runs(self.sweep)
        for run in runs:
            self._send(run)
        planned = sum(len(variant.runs) for variant in read_sweep_file(self.sweep).variants if not variant.same_as)
        complete = len(runs) == planned and all(run.record.completed for run in runs)
        self._tell(lambda tracker: tracker.finish(complete))
        for name, tracker in self.trackers.items():
            if tracker:
                LOGGER.info(f"{name}: {tracker.where}")

    def _send_ended(self) -> None:
        while ended := self.ended.get():
            if run := tracked_run(*ended):
                self._send(run)

    def _send(self, run: TrackedRun) -> None:
        self._tell(lambda tracker: tracker.send(run))

    def _tell(self, message: Callable[[Tracker], None]) -> None:
        for name, tracker in list(self.trackers.items()):
            try:
                self.trackers[name] = tracker = tracker or trackers.make(name, self.sweep)
                message(tracker)
            except Exception as error:  # of any kind: a server's fault must not cost a run
                del self.trackers[name]
                reason = " ".join(f"{type(error).__name__}: {error}".split())
                LOGGER.warning(
                    f"tracker={name}: {reason}; it gets nothing more; "
                    f"`mnist-sweeps track {self.sweep} --to {name}` sends what is missing"
                )
