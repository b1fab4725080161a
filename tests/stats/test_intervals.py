"""Intervals and predictions against scipy, statsmodels and textbook formulas."""

from math import sqrt

import numpy as np
import pytest
from scipy import stats as scipy_stats
from statsmodels.stats.proportion import proportion_confint
from tests.stats.samples import SCORES, N

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


@pytest.mark.parametrize("level", [0.5, 0.95, 0.99])
def test_t_interval_is_scipys(level):
    expected = scipy_stats.ttest_1samp(SCORES, 0.98).confidence_interval(level)
    assert stats.t_interval(SCORES, level) == pytest.approx(tuple(expected), abs=1e-12)


def test_summary_of_runs_and_of_one():
    five, one = stats.summarize(SCORES), stats.summarize([0.98])
    assert (five.n, five.mean) == (5, pytest.approx(0.98424))
    assert five.sd == pytest.approx(scipy_stats.tstd(SCORES))
    assert (five.low, five.high) == stats.t_interval(SCORES)
    assert one == stats.Summary(1, 0.98, None, None, None)


@pytest.mark.parametrize("values", [[], [0.98]])
def test_t_interval_needs_two(values):
    with pytest.raises(ValueError, match="at least 2"):
        stats.t_interval(values)


def test_prediction_interval_is_the_textbook_one():
    half = scipy_stats.t.ppf(0.975, 4) * scipy_stats.tstd(SCORES) * sqrt(1 + 1 / 5)
    mean = np.mean(SCORES)
    assert stats.prediction_interval(SCORES, N) == pytest.approx((mean - half, mean + half))


def test_prediction_from_one_run_is_two_single_runs_apart():
    low, high = stats.prediction_interval([0.984], N)
    assert (high - low) / 2 == pytest.approx(0.0025, abs=5e-5)  # "differ by 0.25 pp one time in twenty"


def test_prediction_from_equal_runs_keeps_a_width():
    low, high = stats.prediction_interval([0.984] * 5, N)
    assert high - low > 4 * stats.noise_law_sd(0.984, N)


@pytest.mark.parametrize(("right", "count"), [(9840, 10_000), (200, 200), (0, 50)])
def test_wilson_interval_is_statsmodels(right, count):
    expected = proportion_confint(right, count, method="wilson")
    assert stats.wilson_interval(right / count, count) == pytest.approx(expected, abs=1e-12)


def test_new_digits_are_less_certain_than_new_seeds():
    flips = np.random.default_rng(0).random((5, N)) < 0.002
    correct = (np.arange(N) % 50 != 0) ^ flips
    low, high = stats.new_digits_interval(correct)
    seeds_low, seeds_high = stats.t_interval(correct.mean(axis=1))
    assert low < seeds_low < seeds_high < high
    assert low < correct.mean() < high


def test_new_digits_of_identical_runs_are_one_net_on_new_images():
    correct = np.tile(np.arange(N) % 50 != 0, (4, 1))
    assert stats.new_digits_interval(correct) == pytest.approx(stats.wilson_interval(0.98, N), abs=2e-5)


def test_new_digits_without_an_error_keep_a_width():
    low, high = stats.new_digits_interval(np.ones((5, 200), bool))
    assert low == pytest.approx(proportion_confint(200, 200, method="wilson")[0])
    assert high == 1


@pytest.mark.parametrize("shape", [(1, 100), (5, 1), (100,)])
def test_new_digits_need_runs_and_images(shape):
    with pytest.raises(ValueError, match="at least 2 runs and 2 images"):
        stats.new_digits_interval(np.ones(shape))


def test_a_prediction_has_the_p_of_its_interval():
    for law in (stats.predict_accuracy(SCORES, N), stats.predict_accuracy([0.984], N), stats.predict_metric(SCORES)):
        low, high = law.interval(0.95)
        assert law.p(low) == pytest.approx(0.05)
        assert law.p(high) == pytest.approx(0.05)
        assert law.p(law.mean) == pytest.approx(1)


def test_one_more_run_of_a_metric_lies_in_the_textbook_interval():
    values = np.array([0.12, 0.15, 0.11, 0.14])
    half = scipy_stats.t.ppf(0.975, 3) * values.std(ddof=1) * sqrt(1 + 1 / 4)
    law = stats.predict_metric(values)
    assert law is not None and law.interval() == pytest.approx((0.13 - half, 0.13 + half))
