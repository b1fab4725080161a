"""Runs that did not learn: they are no draw from the spread of the runs that did."""

from collections.abc import Sequence
from math import sqrt

# Accuracy of a net that predicts the largest class for each image, where its share is not known: that of MNIST's ones.
MNIST_CHANCE = 0.1135
LEARNED = 0.5  # accuracy of a run that did learn, if that is more than guessing


def guesses(accuracy: float, n_test: int, chance: float = MNIST_CHANCE) -> bool:
    """Whether an accuracy, a fraction, on `n_test` images is no better than guessing.

    Guessing scores at most the share of the largest class and three binomial standard errors: with 0.1135, the share of
    MNIST's most frequent digit, 12.3 % on 10,000 images.

    Args:
        accuracy: Test accuracy.
        n_test: Number of test images.
        chance: Share of the largest class of the test labels.
    """
    return accuracy <= chance + 3 * sqrt(chance * (1 - chance) / n_test)


def learned(accuracy: float, n_test: int, chance: float = MNIST_CHANCE) -> bool:
    """Whether a run learned: it scores at least 0.5, and more than guessing does. Arguments as of `guesses`."""
    return accuracy >= LEARNED and not guesses(accuracy, n_test, chance)


def at_chance(values: Sequence[float], n_test: int, chance: float = MNIST_CHANCE) -> list[bool]:
    """Which runs of a row diverged without an error: they guess, though another run of the row learned.

    Where no run learned, that is what the row does, and none is set apart.

    Args:
        values: Test accuracies [runs], fractions.
        n_test: Number of test images.
        chance: Share of the largest class of the test labels.
    """
    any_learned = any(learned(value, n_test, chance) for value in values)
    return [any_learned and guesses(value, n_test, chance) for value in values]
