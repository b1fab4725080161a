"""Runs that did not learn: they are no draw from the spread of the runs that did."""

from collections.abc import Sequence
from math import sqrt

GUESSED = 0.1135  # share of the most frequent digit in MNIST's test set: what a net scores that predicts nothing else
LEARNED = 0.5  # accuracy of a run that did learn, by any standard


def guesses(accuracy: float, n_test: int) -> bool:
    """Whether an accuracy, a fraction, on `n_test` images is no better than guessing.

    Guessing scores at most the share of the most frequent digit, 0.1135, and three binomial standard errors: 12.3 % on
    10,000 images.
    """
    return accuracy <= GUESSED + 3 * sqrt(GUESSED * (1 - GUESSED) / n_test)


def at_chance(values: Sequence[float], n_test: int) -> list[bool]:
    """Which runs of a row diverged without an error: they guess, though another run of the row scores at least 0.5.

    Where no run learned, that is what the row does, and none is set apart.

    Args:
        values: Test accuracies [runs], fractions.
        n_test: Number of test images.
    """
    learned = any(value >= LEARNED for value in values)
    return [learned and guesses(value, n_test) for value in values]
