"""Cross-validation folds share training images, so their scores are not independent: a test that knows it."""

from collections.abc import Sequence
from math import sqrt

import numpy as np
from scipy.special import stdtr, stdtrit


def corrected_resampled(
    differences: Sequence[float], n_train: int, n_test: int, level: float = 0.95
) -> tuple[float, float, float]:
    """Interval (low, high) of the mean difference and two-sided p, by the corrected resampled t test.

    `differences` [folds, or folds x repeats] are accuracies of one config minus the other's on the same
    split, each trained on `n_train` and measured on `n_test` images (k folds: n_test / n_train = 1 / (k -
    1)). The variance of the mean is (1/n + n_test/n_train) s^2, where a plain paired t test takes s^2 / n and
    finds far too much. Equal differences count with the variance of rounding, 1 / (6 n_test^2). Not adjusted
    for other comparisons. Source: Nadeau & Bengio 2003; Bouckaert & Frank 2004 for repeated folds. Raises
    `ValueError` below 2 differences.
    """
    gaps = np.asarray(differences, float)
    if gaps.ndim != 1 or len(gaps) < 2:
        raise ValueError(f"folds are compared over at least 2 differences, not {gaps.size}")
    if n_train < 1 or n_test < 1:
        raise ValueError(f"folds need images to train and to test on, not {n_train} and {n_test}")
    freedom = len(gaps) - 1
    variance = max(float(gaps.var(ddof=1)), 1 / (6 * n_test**2))
    error = sqrt((1 / len(gaps) + n_test / n_train) * variance)
    mean = float(gaps.mean())
    reach = float(stdtrit(freedom, (1 + level) / 2)) * error
    return mean - reach, mean + reach, float(2 * stdtr(freedom, -abs(mean) / error))
