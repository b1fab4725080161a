"""How many seeds rounds until decided are expected to take, before any is trained."""

from itertools import pairwise
from math import sqrt

from scipy.special import nctdtr, stdtrit

from mnist_sweeps.stats.compare import LEVEL
from mnist_sweeps.stats.noise import TYPICAL, noise_law_sd
from mnist_sweeps.stats.race import Limits
from mnist_sweeps.stats.race_round import ROUNDS


def expected_seeds(
    difference: float, accuracy: float, n_test: int, comparisons: int, limits: Limits, spread: float = TYPICAL
) -> tuple[float, float]:
    """Mean number of seeds of a row that truly differs by `difference`, and of the row that all are compared with.

    Every comparison is taken to have that difference, and to be decided by the first step of Holm's method; the second
    number is for `comparisons` that are decided independently of each other.

    Args:
        difference: A fraction.
        accuracy: Of the rows.
        n_test: Number of test images.
        comparisons: In the sweep.
        limits: Of the rounds.
        spread: Variance over seeds, relative to the noise law's.
    """
    sizes, decided = limits.rounds, 0.0
    row = baseline = float(sizes[0])
    for before, size in pairwise(sizes):
        freedom = 2 * (before - 1) - 0.5
        critical = float(stdtrit(freedom, 1 - LEVEL / ROUNDS / comparisons / 2))
        error = noise_law_sd(accuracy, n_test) * sqrt(2 * spread / before)
        decided = max(decided, 1 - float(nctdtr(freedom, difference / error, critical)))
        row += (size - before) * (1 - decided)
        baseline += (size - before) * (1 - decided**comparisons)
    return row, baseline
