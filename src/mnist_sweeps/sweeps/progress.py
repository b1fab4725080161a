"""Progress of a sweep: which runs ended, what each worker does, best so far, time left; read from the run folders."""

from __future__ import annotations

import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from mnist_sweeps.config.schema import RunKey
from mnist_sweeps.planning.sweep_plan import PlannedVariant, SweepPlan
from mnist_sweeps.runtime.messages import LOGGER
from mnist_sweeps.storage import run_digest, run_folder
from mnist_sweeps.storage.run_record import RunRecord
from mnist_sweeps.sweeps.progress_bars import ProgressBars

SECONDS_BETWEEN_LOOKS = 0.5


@dataclass
class _Watched:
    variant: PlannedVariant
    run: RunKey
    folder: Path
    work: float
    record: RunRecord | None = None

    @property
    def name(self) -> str:
        return f"{self.variant.name}, {self.run}"

    @property
    def epochs(self) -> int:
        return int(self.variant.config.training.epochs)


class Progress:
    """Bars on a terminal, elsewhere a line for each run that ends; a context manager."""

    def __init__(
        self,
        plan: SweepPlan,
        folder: Path,
        work: dict[str, float],
        add_ended: Callable[[str, Path], object] = lambda variant, folder: None,
        add_complete: Callable[[str, Path], object] = lambda variant, folder: None,
    ) -> None:
        """Looks at what exists already.

        Args:
            plan: What is about to be trained.
            folder: The sweep's folder.
            work: What one run of each variant costs, in any unit.
            add_ended: Called with the variant's name and the folder of each run that ends.
            add_complete: Called with the name and the folder of each variant whose last run has ended.
        """
        self.add_ended, self.add_complete = add_ended, add_complete
        self.folder = folder
        self.kept: list[_Watched] = []
        self.todo: list[_Watched] = []
        self.left: Counter[str] = Counter()  # runs, by variant
        self.before: dict[str, RunRecord | None] = {}
        self.add(plan, work)
        self.bars = ProgressBars(plan.name) if sys.stdout.isatty() else None
        self.began = time.monotonic()
        self.over = threading.Event()
        self.thread = threading.Thread(target=self._watch, daemon=True)

    def add(self, plan: SweepPlan, work: dict[str, float]) -> None:
        """Watches the variants of a plan that are not watched yet.

        Args:
            plan: The sweep as far as it is known.
            work: What one run of each variant costs.
        """
        watched = {run.variant.name for run in (*self.kept, *self.todo)}
        todo = list(self.todo)
        for variant in plan.to_train:
            for key in variant.config.runs if variant.name not in watched else ():
                path = run_folder.folder_of(self.folder / variant.folder, key)
                run = _Watched(variant, key, path, work[variant.name])
                if run_folder.completed(path, run_digest.digest(variant.config, key)):
                    run.record = run_folder.read(path)
                    self.kept.append(run)
                else:
                    self.before[run.name] = run_folder.read(path)
                    self.left[variant.name] += 1
                    todo.append(run)
        self.todo = todo  # at once: another thread reads it
        self.ahead = plan.ahead  # trials that are not drawn yet, each at least a run
        self.earlier = len(self.kept) if plan.study else 0  # a search counts the trials of its earlier rounds

    def __enter__(self) -> Progress:
        if self.bars:
            self.bars.start()
        self.thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.over.set()
        self.thread.join()
        self._look()
        if self.bars:
            self.bars.stop()

    def _watch(self) -> None:
        while not self.over.wait(SECONDS_BETWEEN_LOOKS):
            self._look()

    def _look(self) -> None:
        for run in self._ended():
            self.add_ended(run.variant.name, run.folder)
            self.left[run.variant.name] -= 1
            if not self.left[run.variant.name]:
                self.add_complete(run.variant.name, self.folder / run.variant.folder)
            if not self.bars or (run.record and not run.record.completed):
                LOGGER.info(_ended_line(run, self._count()))
        if self.bars:
            running = {run.name: (run_folder.epochs_run(run.folder), run.epochs) for run in self._running()}
            self.bars.show(self.earlier + self._done(), self._total(), running, self._summary())

    def _ended(self) -> Iterator[_Watched]:
        """Runs that have ended since the last look; each is handed out once."""
        for run in self.todo:
            record = None if run.record is not None else run_folder.read(run.folder)
            if record is not None and record != self.before[run.name]:
                run.record = record
                yield run

    def _running(self) -> list[_Watched]:
        return [run for run in self.todo if run.record is None and (run.folder / run_folder.BEGUN).exists()]

    def _done(self) -> int:
        return sum(run.record is not None for run in self.todo)

    def _total(self) -> int:
        return self.earlier + len(self.todo) + self.ahead

    def _count(self) -> str:
        return f"{self.earlier + self._done()}/{self._total()}"

    def _summary(self) -> str:
        """`best 94.2% (small CNN) · 0:45 left`, as far as known."""
        parts = []
        scores = [(score, run.variant.name) for run in [*self.kept, *self.todo] if (score := _validation(run))]
        if scores:
            parts.append("best {:.1%} ({})".format(*max(scores)))
        if (left := self._seconds_left()) is not None:
            parts.append(f"{int(left) // 60}:{int(left) % 60:02d} left")
        return " · ".join(parts)

    def _seconds_left(self) -> float | None:
        """By the work that is done so far; None before any is."""
        total = sum(run.work for run in self.todo) * (1 + self.ahead / len(self.todo))
        done = sum(run.work for run in self.todo if run.record is not None)
        done += sum(run.work * run_folder.epochs_run(run.folder) / run.epochs for run in self._running())
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
