"""Figures of a variant, drawn while it is trained."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from mnist_sweeps.data.dataset import Split
from mnist_sweeps.storage import run_folder


class FigureThread:
    """Draws the figures of a variant's first run in a thread, as soon as that run is completed; the others at the end.

    The figures of a variant take 1.3 s of a core. An epoch holds Python's lock for milliseconds only, so that the next
    seed is trained meanwhile.
    """

    def __init__(self, variant: Path, name: str, split: Split, first: Path) -> None:
        self.variant, self.name, self.split, self.first = variant, name, split, first
        self.thread = ThreadPoolExecutor(1)
        self.task: Future[None] | None = None

    def begin(self) -> None:
        """Starts drawing, if the first run has been completed and drawing has not started."""
        record = run_folder.read(self.first)
        if self.task is None and record is not None and record.completed:
            self.task = self.thread.submit(self._draw_first)

    def finish(self) -> None:
        """Waits for the thread, and draws the rest; raises what failed in the thread, too."""
        from mnist_sweeps.job import run_figures

        (self.task or self.thread.submit(self._draw_first)).result()
        self.thread.shutdown()
        run_figures.of_all(self.variant, self.name)

    def _draw_first(self) -> None:
        from mnist_sweeps.job import run_figures  # with matplotlib, seaborn and pandas: 0.6 s, also during the training

        run_figures.of_first(self.variant, self.name, self.split)
