"""What a sweep costs by its size: seconds = start + job x jobs + run x runs + epoch x epochs, by least squares."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np


class Size(NamedTuple):
    """Of a sweep: rows trained as one job, trainings, epochs of all trainings together."""

    jobs: int
    runs: int
    epochs: int


class Law(NamedTuple):
    """Seconds for each; of what always grows together (a job of one run) only the sum is known, and shared equally."""

    start: float
    job: float
    run: float
    epoch: float

    def seconds(self, size: Size) -> float:
        """What a sweep of that size takes."""
        return self.start + self.job * size.jobs + self.run * size.runs + self.epoch * size.epochs


def fitted(measured: Sequence[tuple[Size, float]]) -> Law:
    """The law that is nearest to the measured seconds."""
    sizes = np.array([(1, *size) for size, _ in measured], float)
    found, *_ = np.linalg.lstsq(sizes, np.array([seconds for _, seconds in measured]))
    return Law(*map(float, found))
