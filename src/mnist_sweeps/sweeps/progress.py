"""What runs, how far, best so far and time left: read from the run folders, as `status` does."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from mnist_sweeps.config.schema import RunKey
from mnist_sweeps.planning.planner import PlannedVariant, SweepPlan
from mnist_sweeps.storage import run_digest, run_folder
from mnist_sweeps.storage.run_record import RunRecord

SECONDS_BETWEEN_LOOKS = 0.5


@dataclass
class _Watched:
    row: PlannedVariant
    run: RunKey
    folder: Path
    work: float
    record: RunRecord | None = None

    @property
    def name(self) -> str:
        return f"{self.row.name}, {self.run}"


class Progress:
    """A line that rewrites itself on a terminal; elsewhere a line for each run that ends. A context manager."""

    def __init__(self, plan: SweepPlan, folder: Path, work: dict[str, float]) -> None:
        """`work` is what one run of each row costs, in any unit."""
        every = [
            _Watched(row, run, run_folder.folder_of(folder / row.folder, run), work[row.name])
            for row in plan.to_train
            for run in row.config.runs
        ]
        self.kept: list[_Watched] = []
        self.todo: list[_Watched] = []
        for one in every:
            if run_folder.completed(one.folder, run_digest.digest(one.row.config, one.run)):
                one.record = run_folder.read(one.folder)
                self.kept.append(one)
            else:
                self.todo.append(one)
        self.before = {run.name: run_folder.read(run.folder) for run in self.todo}
        self.ahead = plan.ahead  # trials that are not drawn yet, each at least a run
        self.earlier = len(self.kept) if plan.study else 0  # a search counts the trials of its earlier rounds
        self.terminal = sys.stdout.isatty()
        self.began = time.monotonic()
        self.over = threading.Event()
        self.thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Progress:
        self.thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.over.set()
        self.thread.join()
        self._look()
        if self.terminal:
            print("\r\x1b[K", end="", flush=True)

    def _watch(self) -> None:
        while not self.over.wait(SECONDS_BETWEEN_LOOKS):
            self._look()
            if self.terminal:
                print(f"\r\x1b[K{self.line()}", end="", flush=True)

    def _look(self) -> None:
        for run in self._ended():
            if not self.terminal:
                print(_ended_line(run, self._count()), flush=True)

    def _ended(self) -> Iterator[_Watched]:
        """Runs that have ended since the last look; each is handed out once."""
        for run in self.todo:
            if (
                run.record is None
                and (record := run_folder.read(run.folder)) is not None
                and record != self.before[run.name]
            ):
                run.record = record
                yield run

    def _done(self) -> int:
        return sum(run.record is not None for run in self.todo)

    def _count(self) -> str:
        return f"{self.earlier + self._done()}/{self.earlier + len(self.todo) + self.ahead}"

    def line(self) -> str:
        """The terminal's line: `7/18 · no dropout, seed 1: epoch 4/10 · best 94.2 % (small CNN) · 0:45 left`."""
        running = next((run for run in self.todo if run.record is None), None)
        parts = [self._count()]
        if running is not None:
            parts.append(
                f"{running.name}: epoch {run_folder.epochs_run(running.folder)}/{running.row.config.training.epochs}"
            )
        scores = [(score, run.row.name) for run in [*self.kept, *self.todo] if (score := _validation(run))]
        if scores:
            parts.append("best {:.1%} ({})".format(*max(scores)))
        if (left := self._seconds_left(running)) is not None:
            parts.append(f"{int(left) // 60}:{int(left) % 60:02d} left")
        return " · ".join(parts)

    def _seconds_left(self, running: _Watched | None) -> float | None:
        total = sum(run.work for run in self.todo) * (1 + self.ahead / len(self.todo))
        done = sum(run.work for run in self.todo if run.record is not None)
        if running is not None:
            done += running.work * run_folder.epochs_run(running.folder) / running.row.config.training.epochs
        return (time.monotonic() - self.began) * (total - done) / done if done else None


def _validation(run: _Watched) -> float | None:
    """Of a completed run; None where nothing was held out."""
    return run.record.validation_accuracy if run.record is not None and run.record.completed else None


def _ended_line(run: _Watched, count: str) -> str:
    record = run.record
    assert record is not None
    if not record.completed:
        message = record.failure.message if record.failure else ""
        return f"{count} {run.name}: {record.status}: {message}".rstrip(": ")
    metrics = record.metrics
    effort = f"{metrics['epochs_run']} epochs in {record.seconds:.0f} s"
    validation = f"validation {metrics['val_accuracy']:.2%}, " if "val_accuracy" in metrics else ""
    fold = f"fold {metrics['fold_accuracy']:.2%}, " if "fold_accuracy" in metrics else ""
    return f"{count} {run.name}: {validation}{fold}test {metrics['test_accuracy']:.2%}, {effort}"
