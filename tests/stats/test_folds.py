"""The corrected resampled t test, and its limits."""

from math import sqrt

import numpy as np
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


def test_corrected_resampled_is_nadeau_and_bengios():
    gaps = [0.012, 0.004, 0.009, -0.002, 0.007, 0.011, 0.003, 0.006, 0.001, 0.010]
    low, high, p = stats.corrected_resampled(gaps, n_train=900, n_test=100)
    plain = scipy_stats.ttest_1samp(gaps, 0)
    t = plain.statistic / sqrt(1 + 10 * 100 / 900)  # the paired t, shrunk by sqrt(1 + n n_test / n_train)
    assert p == pytest.approx(2 * scipy_stats.t.sf(abs(t), 9))
    assert (low + high) / 2 == pytest.approx(np.mean(gaps))
    assert (high - low) / 2 == pytest.approx(scipy_stats.t.ppf(0.975, 9) * np.mean(gaps) / t)
    assert p > plain.pvalue


def test_equal_folds_are_not_certain():
    low, high, p = stats.corrected_resampled([0.001] * 3, n_train=2000, n_test=1000)
    assert low < 0.001 < high
    assert p > 0.05
    assert stats.corrected_resampled([0.0] * 3, 2000, 1000)[2] == 1


def test_rows_with_folds_are_compared_by_them_and_adjusted_with_the_others():
    base, better = [0.950, 0.961, 0.970], [0.960, 0.970, 0.981]
    folds = {
        name: stats.FoldScores({(0, fold): score for fold, score in enumerate(scores)}, 2000, 1000)
        for name, scores in (("base", base), ("better", better))
    }
    samples = {name: stats.Sample((0.90, 0.91), 1000) for name in ("base", "better", "plain")}
    found = stats.compare(samples, {"better": "base", "plain": "base"}, 0.002, folds)
    low, high, p = stats.corrected_resampled([0.010, 0.009, 0.011], 2000, 1000)
    assert (found["better"].low, found["better"].high, found["better"].p) == pytest.approx((low, high, p))
    assert found["better"].p_adjusted == pytest.approx(2 * p)
    assert (found["plain"].difference, found["plain"].method) == (0, "Welch")  # base has folds, plain has none


def test_folds_need_two():
    with pytest.raises(ValueError, match="at least 2 differences"):
        stats.corrected_resampled([0.1], 10, 5)
