"""Pictures of a variant, drawn beside its training."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from mnist_sweeps.data.dataset import Split
from mnist_sweeps.storage import run_folder


class Drawing:
    """Draws the pictures of a variant's first run in a thread, as soon as that run is there; the others at the end.

    A row's pictures take 1.3 s of a core. An epoch holds Python's lock for milliseconds only, so that the next seed
    trains on meanwhile.
    """

    def __init__(self, variant: Path, name: str, split: Split, first: Path) -> None:
        self.variant, self.name, self.split, self.first = variant, name, split, first
        self.thread = ThreadPoolExecutor(1)
        self.task: Future[None] | None = None

    def begin(self) -> None:
        """Draws from now on, if the first run has been completed and nothing is drawn yet."""
        record = run_folder.read(self.first)
        if self.task is None and record is not None and record.completed:
            self.task = self.thread.submit(self._draw_first)

    def finish(self) -> None:
        """Waits for what is being drawn, and draws the rest; raises what went wrong in the thread, too."""
        from mnist_sweeps.job import run_figures

        (self.task or self.thread.submit(self._draw_first)).result()
        self.thread.shutdown()
        run_figures.of_all(self.variant, self.name)

    def _draw_first(self) -> None:
        from mnist_sweeps.job import run_figures  # with matplotlib, seaborn and pandas: 0.6 s, beside the training, too

        run_figures.of_first(self.variant, self.name, self.split)
