"""Intervals against textbook formulas."""

from math import sqrt

import numpy as np
import pytest
from scipy import stats as scipy_stats
from statsmodels.stats.proportion import proportion_confint

from mnist_sweeps import stats


@pytest.mark.parametrize(
    "correct",
    [
        pytest.param([[1, 1, 1, 0, 1, 1], [1, 1, 0, 0, 1, 0], [1, 1, 1, 1, 1, 1]], id="seeds differ in skill"),
        pytest.param([[1, 1, 1, 0], [1, 0, 1, 1], [1, 1, 0, 1]], id="seeds differ by their images"),
        pytest.param([[1, 1], [0, 0]], id="images do not differ"),
    ],
)
def test_new_digits_by_the_textbook_mean_squares(correct):
    right = np.array(correct, float)
    runs, images = right.shape
    by_run, by_image = right.mean(axis=1, keepdims=True), right.mean(axis=0, keepdims=True)
    mean, free = right.mean(), (runs - 1, images - 1, (runs - 1) * (images - 1))
    squares = (
        images * ((by_run - mean) ** 2).sum() / free[0],
        runs * ((by_image - mean) ** 2).sum() / free[1],
        ((right - by_run - by_image + mean) ** 2).sum() / free[2],
    )
    together, satterthwaite = squares[1], squares[1] ** 2 / free[1]
    if squares[0] > squares[2]:
        together = squares[0] + squares[1] - squares[2]
        satterthwaite = sum(square**2 / freedom for square, freedom in zip(squares, free, strict=True))
    count = mean * (1 - mean) * runs * images / together
    t = scipy_stats.t.ppf(0.95, together**2 / satterthwaite)
    expected = proportion_confint(mean * count, count, alpha=2 * scipy_stats.norm.sf(t), method="wilson")
    assert stats.new_digits_interval(np.array(correct), 0.9) == pytest.approx(expected)


def test_new_digits_without_an_error_have_wilsons_interval_at_each_level():
    right = np.ones((2, 50), bool)
    assert stats.new_digits_interval(right, 0.5) == stats.wilson_interval(1.0, 50, 0.5)


def test_a_prediction_of_accuracy_stays_a_fraction():
    low, high = stats.prediction_interval([0.999, 0.995], 1000)
    assert (low, high) == (pytest.approx(0.997 - 12.706 * sqrt(1.5) * 0.004 / sqrt(2), abs=1e-4), 1)


def test_two_runs_of_a_metric_predict_a_third():
    law = stats.predict_metric([0.1, 0.3])
    assert (law.mean, law.freedom) == (pytest.approx(0.2), 1)
    assert law.error == pytest.approx(sqrt(1.5) * scipy_stats.tstd([0.1, 0.3]))
