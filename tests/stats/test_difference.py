"""Differences of two means: which spread each side counts with, and textbook tests."""

from math import inf, sqrt

import numpy as np
import pytest
from scipy import stats as scipy_stats
from tests.stats.samples import DEAD, UNSTABLE, N, follows_law, spread, sweep

from mnist_sweeps import stats
from mnist_sweeps.stats import Sample


@pytest.mark.parametrize(("ratio", "wide"), [(1.54, False), (1.57, True)])  # 1.556 is 1.5 times what the rows share
def test_a_baseline_with_more_spread_than_the_others_counts_by_its_own(ratio, wide):
    samples = sweep() | {"row 0": spread(follows_law(0.984, 0), sqrt(ratio))}
    shared = stats.pool(samples)
    assert shared.follows_law == set(samples)
    assert shared.dispersion == pytest.approx((ratio + 14) / 15)
    found = stats.accuracy_difference("row 1", "row 0", samples, shared)
    law = 0.016 / (2 * N)
    assert found.error == pytest.approx(sqrt((shared.dispersion + (ratio if wide else shared.dispersion)) * law / 5))
    back = stats.accuracy_difference("row 0", "row 1", samples, shared)  # it is compared with others, not they with it
    assert back.error == pytest.approx(sqrt(2 * shared.dispersion * law / 5))


def test_one_run_beside_five_gets_the_laws_variance_of_each_mean():
    samples = sweep() | {"one": Sample((0.985,), N)}
    found = stats.accuracy_difference("one", "row 0", samples, stats.pool(samples))
    assert (found.method, found.value, found.freedom) == ("noise law, single runs", pytest.approx(0.001), inf)
    assert found.error == pytest.approx(sqrt(0.015 / (2 * N) + 0.016 / (2 * N) / 5))


def test_one_run_beside_a_row_that_breaks_the_law_goes_by_that_rows_spread():
    samples = sweep() | {"one": Sample((0.985,), N), "unstable": UNSTABLE}
    found = stats.accuracy_difference("one", "unstable", samples, stats.pool(samples))
    own, law = np.var(UNSTABLE.values, ddof=1) / 5, 0.015 / (2 * N)
    assert found.error == pytest.approx(sqrt(own + law))
    assert found.freedom == pytest.approx((own + law) ** 2 / (own**2 / 4))


def test_one_run_beside_equal_runs_goes_by_the_law_on_both_sides():
    samples = sweep() | {"one": Sample((0.985,), N), "dead": DEAD}
    found = stats.accuracy_difference("one", "dead", samples, stats.pool(samples))
    assert found.error == pytest.approx(sqrt(0.015 / (2 * N) + (1 - 0.098) / (2 * N)))


def test_one_run_against_a_fixed_value_goes_by_the_law():
    samples = sweep() | {"one": Sample((0.985,), N)}
    found = stats.accuracy_above("one", 0.98, samples, stats.pool(samples))
    assert (found.method, found.value, found.freedom) == ("noise law, single runs", pytest.approx(0.005), inf)


def test_a_row_that_breaks_the_law_against_a_fixed_value_is_the_textbook_t_test():
    samples = sweep() | {"unstable": UNSTABLE}
    found = stats.accuracy_above("unstable", 0.95, samples, stats.pool(samples))
    expected = scipy_stats.ttest_1samp(UNSTABLE.values, 0.95)
    assert (found.method, found.p) == ("t", pytest.approx(expected.pvalue))
    assert found.interval == pytest.approx(tuple(end - 0.95 for end in expected.confidence_interval()))


def test_the_difference_of_a_metric_is_scipys_welch():
    values, others = [0.1, 0.2], [0.4, 0.5]  # two runs each, of the same range
    found, expected = stats.metric_difference(values, others), scipy_stats.ttest_ind(values, others, equal_var=False)
    assert (found.p, found.freedom) == (pytest.approx(expected.pvalue), pytest.approx(expected.df))
    assert (found.value, found.method) == (pytest.approx(-0.3), "Welch")


def test_a_metric_that_stands_still_at_1_adds_no_spread():
    found = stats.metric_difference([1.0, 1.0, 1.0], [0.7, 0.9])
    assert found.p == pytest.approx(scipy_stats.ttest_1samp([0.7, 0.9], 1).pvalue)


@pytest.mark.parametrize("bound", [0.0, 1.0])
def test_one_run_at_a_bound_has_no_spread(bound):
    assert stats.metric_difference([bound], [0.4, 0.6]) is None


def test_two_runs_of_a_metric_are_enough_for_a_fixed_value():
    found = stats.metric_above([0.1, 0.3], 0.15)
    assert (found.method, found.p) == ("t", pytest.approx(scipy_stats.ttest_1samp([0.1, 0.3], 0.15).pvalue))
