"""How often a run of one row beats a run of another: the probability of superiority, from ranks."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
from scipy.special import stdtrit

STEPS = 40  # of a bisection: to 1e-12


@dataclass(frozen=True)
class Superiority:
    """The probability that a run of this row is higher than one of the other, ties as half, with its 95 % interval."""

    probability: float
    low: float
    high: float


def superiority(values: Sequence[float], others: Sequence[float]) -> Superiority:
    """By the Mann-Whitney statistic U / (m n); the interval is Newcombe's (2006, method 5).

    It needs no spread, no normal runs and no equal spreads, and stays inside 0..1 where all runs of a row are higher.
    Instead of the normal quantile it takes that of t with 2 (the smaller number of runs - 1) degrees of freedom: with
    few runs, or few that spread farther than many others, Newcombe's covers less than 90 %.

    Args:
        values: Of the row [runs], higher is better.
        others: Of the other row [runs].

    Raises:
        ValueError: Fewer than 2 values on a side.
    """
    row, other = np.asarray(values, float), np.asarray(others, float)
    if min(len(row), len(other)) < 2:
        raise ValueError(f"needs at least 2 values on each side, not {len(row)} and {len(other)}")
    steps = np.sign(row[:, None] - other[None, :])
    probability = float((steps + 1).mean() / 2)
    quantile = float(stdtrit(2 * min(len(row), len(other)) - 2, 0.975))
    pairs, extra = len(row) * len(other), (len(row) + len(other)) / 2 - 1

    def reach(true: float) -> float:
        """How far an estimate may lie from a true probability (Newcombe's variance, for exponential laws)."""
        variance = true * (1 - true) * (1 + extra * ((1 - true) / (2 - true) + true / (1 + true))) / pairs
        return quantile * sqrt(variance)

    def end(bound: float) -> float:
        """The true probability between the estimate and `bound` from which the estimate is just within reach."""
        inside, outside = probability, bound
        for _ in range(STEPS):
            middle = (inside + outside) / 2
            if abs(middle - probability) <= reach(middle):
                inside = middle
            else:
                outside = middle
        return inside

    return Superiority(probability, end(0.0), end(1.0))
