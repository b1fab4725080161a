"""Folds: the limits of the corrected resampled t test."""

from math import sqrt

import pytest
from scipy import stats as scipy_stats

from mnist_sweeps import stats


def test_equal_folds_have_the_variance_of_rounding():
    low, high, _ = stats.corrected_resampled([0.001] * 2, n_train=1, n_test=1)
    assert (high - low) / 2 == pytest.approx(scipy_stats.t.ppf(0.975, 1) * sqrt((1 / 2 + 1) / 6))


@pytest.mark.parametrize(("n_train", "n_test"), [(0, 5), (10, 0)])
def test_folds_need_images(n_train, n_test):
    with pytest.raises(ValueError, match=rf"^folds need images to train and to test on, not {n_train} and {n_test}$"):
        stats.corrected_resampled([0.1, 0.2], n_train, n_test)


def test_a_comparison_by_folds_says_so():
    rows = [stats.FoldScores({(0, 0): 0.9 + gap, (0, 1): 0.8}, 20, 10) for gap in (0.01, 0)]
    assert stats.fold_difference(*rows).method == "corrected resampled t, paired by seed and fold"
