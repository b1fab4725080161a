"""Cross-validation folds share training images, so their scores are not independent: a test that knows it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any

import numpy as np

from mnist_sweeps.stats.difference import Difference

METHOD = "corrected resampled t, paired by seed and fold"


@dataclass(frozen=True)
class FoldScores:
    """The accuracies of one row on the folds that its runs left out, fractions, by seed and fold.

    Each was trained on `n_train` and measured on `n_test` images.
    """

    values: Mapping[Any, float]  # a key says which seed and fold: (0, 2)
    n_train: int
    n_test: int

    def pairs(self, other: "FoldScores") -> list[float]:
        """This row's accuracy minus the other's, wherever both have the seed and the fold."""
        return [value - other.values[key] for key, value in self.values.items() if key in other.values]


def fold_difference(row: FoldScores, other: FoldScores) -> Difference:
    """Accuracy of a row minus that of another, paired, by the corrected resampled t test.

    Raises `ValueError` as `corrected_resampled` does.
    """
    return _difference(row.pairs(other), row.n_train, row.n_test)


def corrected_resampled(differences: Sequence[float], n_train: int, n_test: int) -> tuple[float, float, float]:
    """The 95 % interval (low, high) of the mean difference and two-sided p, by the corrected resampled t test.

    `differences` [folds, or folds x repeats] are accuracies of one config minus the other's on the same
    split, each trained on `n_train` and measured on `n_test` images (k folds: n_test / n_train = 1 / (k -
    1)). The variance of the mean is (1/n + n_test/n_train) s^2, where a plain paired t test takes s^2 / n and
    finds far too much. Equal differences count with the variance of rounding, 1 / (6 n_test^2). Not adjusted
    for other comparisons. Source: Nadeau & Bengio 2003; Bouckaert & Frank 2004 for repeated folds. Raises
    `ValueError` below 2 differences.
    """
    found = _difference(differences, n_train, n_test)
    return *found.interval, found.p


def _difference(differences: Sequence[float], n_train: int, n_test: int) -> Difference:
    gaps = np.asarray(differences, float)
    if gaps.ndim != 1 or len(gaps) < 2:
        raise ValueError(f"folds are compared over at least 2 differences, not {gaps.size}")
    if n_train < 1 or n_test < 1:
        raise ValueError(f"folds need images to train and to test on, not {n_train} and {n_test}")
    variance = max(float(gaps.var(ddof=1)), 1 / (6 * n_test**2))
    error = sqrt((1 / len(gaps) + n_test / n_train) * variance)
    return Difference(float(gaps.mean()), error, ((1.0, len(gaps) - 1),), METHOD)
