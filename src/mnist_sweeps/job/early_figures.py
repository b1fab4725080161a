"""Draws the figures of complete variants while others are trained, in a process of the lowest priority."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator, Mapping
from concurrent.futures import wait
from multiprocessing import get_context
from pathlib import Path

from pebble import ProcessFuture, ProcessPool

from mnist_sweeps.job.missing_figures import draw_variant
from mnist_sweeps.runtime import worker_process
from mnist_sweeps.runtime.device import cores
from mnist_sweeps.storage import variant_folder

LOWEST = 19  # of the priorities of a process; it gets 1.5 % of a core that another process keeps busy
JOBS = 100_000  # that the process lives for
FONTS = "matplotlib.font_manager"  # it would say that it builds a cache, between the first lines of progress
SECONDS_TO_END = 1.0  # for the variant that is being drawn when nothing else is left


class EarlyFigures:
    """The process, and what it was asked to draw; a context manager, which ends it.

    If a core is idle, for example while a GPU trains, the figures exist when the last run ends. If no core is idle,
    most are left to `missing_figures.draw`, which draws from the last variant to the first, while this process goes on
    from the first. A figure that cannot be drawn here stays missing, is drawn again there, and its fault reported.
    """

    def __init__(self) -> None:
        self.pool: ProcessPool | None = None
        self.asked: dict[str, ProcessFuture[None]] = {}  # by variant

    def start(self) -> None:
        """Starts the process, once, where there is more than one core."""
        if self.pool is None and cores() > 1:
            self.pool = worker_process.pool_of_one(JOBS, get_context("spawn"), _begin)
            assert self.pool.active  # which starts it

    def add(self, variant: str, folder: Path) -> None:
        """Asks for the figures of a variant that has no runs left.

        Args:
            variant: Its name, for titles.
            folder: Its folder.
        """
        if self.pool is not None and self.pool.active:
            self.asked[variant] = self.pool.schedule(draw_variant, args=[(variant, folder.absolute())])

    def left(self, missing: Mapping[str, Path]) -> Iterator[tuple[str, Path]]:
        """The variants that the caller is to draw, one after the other; the process has ended after the last.

        Args:
            missing: The folders of the variants that are not drawn, by name.
        """
        running = {}
        for name, folder in reversed(list(missing.items())):
            asked = self.asked.get(name)
            if asked and asked.running():
                running[name] = folder
                continue
            if asked:
                asked.cancel()
            if not variant_folder.is_drawn(folder):
                yield name, folder
        wait([self.asked[name] for name in running], SECONDS_TO_END)
        self.stop()
        yield from ((name, folder) for name, folder in running.items() if not variant_folder.is_drawn(folder))

    def stop(self) -> None:
        """Ends the process at once."""
        if self.pool is not None:
            self.pool.stop()
            self.pool.join()
            self.pool = None

    def __enter__(self) -> EarlyFigures:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def _begin() -> None:
    os.nice(LOWEST)
    logging.getLogger(FONTS).setLevel(logging.ERROR)
    from mnist_sweeps.job import run_figures  # noqa: F401  matplotlib: 0.5 s
