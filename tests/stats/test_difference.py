"""Differences of two means: which spread each side counts with, and textbook tests."""

from math import inf, sqrt

import numpy as np
import pytest
from scipy import stats as scipy_stats
from tests.stats.samples import DEAD, SCORES, UNSTABLE, N, follows_law, spread, sweep

from mnist_sweeps import stats
from mnist_sweeps.stats import Sample

LAW = 0.016 / (2 * N)


def rows_with(ratio: float, runs: int) -> dict[str, Sample]:
    """Nine rows at the law and row 0 with `ratio` times its variance, so many runs each."""
    rows = {f"row {i}": follows_law(0.984, i, runs) for i in range(10)}
    return rows | {"row 0": spread(rows["row 0"], sqrt(ratio))}


@pytest.mark.parametrize(
    ("ratio", "runs", "own"), [(1.01, 3, True), (0.99, 3, False), (1.01, 4, True), (1.48, 5, True), (1.43, 5, False)]
)
@pytest.mark.parametrize("pair", [("row 0", "row 1"), ("row 1", "row 0")], ids=["row", "baseline"])
def test_a_row_counts_by_its_own_spread_where_that_is_larger(ratio, runs, own, pair):
    """1.4 times what 10 rows share is 1.458 from five runs on; of fewer runs any larger spread is taken."""
    samples = rows_with(ratio, runs)
    shared = stats.pool(samples)
    found = stats.accuracy_difference(*pair, samples, shared)
    phi = (ratio + 9) / 10
    other = phi if runs == 5 or ratio > 1 else 1.0  # row 1 is at the law, and so above what is shared if row 0 is below
    assert found.error == pytest.approx(sqrt(((ratio if own else phi) + other) * LAW / runs), rel=1e-4)


def test_rows_that_share_their_spread_are_tested_with_the_degrees_of_freedom_of_all():
    samples = rows_with(1.0, 5) | {"row 9": spread(follows_law(0.984, 9), 1.1)}
    shared = stats.pool(samples)
    found = stats.accuracy_difference("row 1", "row 0", samples, shared)
    assert (found.method, found.t) == ("pooled", ((1.0, 40),))
    assert found.error == pytest.approx(sqrt(2 * shared.dispersion * LAW / 5))


def test_a_side_by_its_own_spread_brings_its_own_degrees_of_freedom():
    samples = rows_with(6.0, 5)
    found = stats.accuracy_difference("row 1", "row 0", samples, stats.pool(samples))
    sides = np.array([6.0, 1.5])
    assert (found.method, found.t) == ("Welch", ((1.0, pytest.approx(sides.sum() ** 2 / (sides**2 / [4, 40]).sum())),))


def test_with_unequal_runs_p_is_shared_between_the_degrees_of_freedom_of_both():
    samples = rows_with(1.0, 5) | {"two": follows_law(0.985, 5, runs=2), "row 9": spread(follows_law(0.984, 9), 1.1)}
    shared = stats.pool(samples)
    found = stats.accuracy_difference("two", "row 0", samples, shared)
    own, pooled = 0.015 / (2 * N) / 2, shared.dispersion * LAW / 5
    t = 0.001 / sqrt(own + pooled)
    tails = own * scipy_stats.t.sf(t, 1) + pooled * scipy_stats.t.sf(t, shared.freedom)
    assert found.p == pytest.approx(2 * tails / (own + pooled))


def test_the_interval_ends_where_p_is_a_twentieth():
    samples = rows_with(1.0, 5) | {"two": follows_law(0.985, 5, runs=2)}
    found = stats.accuracy_difference("two", "row 0", samples, stats.pool(samples))
    for end in found.interval:
        assert 2 * min(found.p_above(end), found.p_below(end)) == pytest.approx(0.05)


def test_two_runs_count_by_their_own_however_little_they_differ():
    samples = rows_with(1.0, 5) | {"two": spread(follows_law(0.985, 5, runs=2), 0.3)}
    found = stats.accuracy_difference("two", "row 0", samples, stats.pool(samples))
    assert [freedom for _, freedom in found.t] == [1, 40 + 1 - 0]


def test_two_rows_of_a_sweep_are_compared_by_scipys_welch():
    samples = {"a": Sample(SCORES, N), "b": follows_law(0.985, 1)}
    found = stats.accuracy_difference("b", "a", samples, stats.pool(samples))
    assert found.p == pytest.approx(scipy_stats.ttest_ind(samples["b"].values, SCORES, equal_var=False).pvalue)


def test_the_p_of_being_within_a_margin_is_the_worse_of_two_one_sided_tests():
    found = stats.metric_difference([1.0, 2.0, 3.0], [1.5, 2.5, 3.5])
    (_, freedom), error = found.t[0], found.error
    assert found.p_below(0.1) == pytest.approx(scipy_stats.t.sf((0.1 + 0.5) / error, freedom))
    assert found.p_above(-2) == pytest.approx(scipy_stats.t.sf((-0.5 + 2) / error, freedom))
    assert found.p_within(2) == found.p_above(-2)


def test_one_run_beside_five_gets_the_laws_variance_of_each_mean():
    samples = sweep() | {"one": Sample((0.985,), N)}
    found = stats.accuracy_difference("one", "row 0", samples, stats.pool(samples))
    assert (found.method, found.value, found.t) == ("noise law, single runs", pytest.approx(0.001), ((1.0, inf),))
    assert found.error == pytest.approx(sqrt(0.015 / (2 * N) + LAW / 5))


def test_one_run_beside_a_row_that_spreads_farther_gets_that_rows_spread():
    samples = sweep() | {"one": Sample((0.985,), N), "unstable": UNSTABLE}
    found = stats.accuracy_difference("one", "unstable", samples, stats.pool(samples))
    assert found.error == pytest.approx(sqrt(np.var(UNSTABLE.values, ddof=1) / 5 + 0.015 / (2 * N)))


def test_one_run_beside_equal_runs_goes_by_the_law_on_both_sides():
    samples = sweep() | {"one": Sample((0.985,), N), "dead": DEAD}
    found = stats.accuracy_difference("one", "dead", samples, stats.pool(samples))
    assert found.error == pytest.approx(sqrt(0.015 / (2 * N) + (1 - 0.098) / (2 * N)))


def test_one_run_against_a_fixed_value_goes_by_the_law():
    samples = sweep() | {"one": Sample((0.985,), N)}
    found = stats.accuracy_above("one", 0.98, samples, stats.pool(samples))
    assert (found.method, found.value, found.t) == ("noise law, single runs", pytest.approx(0.005), ((1.0, inf),))


def test_a_row_that_spreads_farther_against_a_fixed_value_is_the_textbook_t_test():
    samples = sweep() | {"unstable": UNSTABLE}
    found = stats.accuracy_above("unstable", 0.95, samples, stats.pool(samples))
    expected = scipy_stats.ttest_1samp(UNSTABLE.values, 0.95)
    assert (found.method, found.p) == ("t", pytest.approx(expected.pvalue))
    assert found.interval == pytest.approx(tuple(end - 0.95 for end in expected.confidence_interval()))


def test_a_fixed_value_is_judged_by_the_shared_spread_where_the_row_has_no_more():
    samples = rows_with(0.5, 5)
    shared = stats.pool(samples)
    found = stats.accuracy_above("row 0", 0.98, samples, shared)
    assert (found.method, found.value, found.t) == ("pooled", pytest.approx(0.004), ((1.0, shared.freedom),))
    assert found.error == pytest.approx(sqrt(shared.dispersion * LAW / 5))


def test_a_fixed_value_beside_equal_runs_goes_by_the_law_of_one():
    dead = {"a": Sample((0.1135,) * 3, N)}
    found = stats.accuracy_above("a", 0.1, dead, stats.pool(dead))
    assert (found.method, found.error) == ("t", pytest.approx(sqrt((1 - 0.1135) / (2 * N))))


def test_the_difference_of_a_metric_is_scipys_welch():
    values, others = [0.1, 0.2], [0.4, 0.5]  # two runs each, of the same range
    found, expected = stats.metric_difference(values, others), scipy_stats.ttest_ind(values, others, equal_var=False)
    assert (found.p, found.t) == (pytest.approx(expected.pvalue), ((1.0, pytest.approx(expected.df)),))
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


def test_a_metric_against_a_value_is_the_textbook_t_test():
    values = [0.12, 0.15, 0.11, 0.14]
    found, expected = stats.metric_above(values, 0.1), scipy_stats.ttest_1samp(values, 0.1)
    assert (found.p, found.value) == (pytest.approx(expected.pvalue), pytest.approx(0.03))
    assert found.interval == pytest.approx(tuple(end - 0.1 for end in expected.confidence_interval()))


@pytest.mark.parametrize(
    ("values", "others"), [([0.1], [0.2, 0.3]), ([0.1, 0.1, 0.1], [0.2, 0.3]), ([0.0, 0.0], [1.0, 1.0])]
)
def test_without_spread_there_is_no_test_of_a_metric(values, others):
    assert stats.metric_above(values, 0.2) is None
    assert stats.metric_difference(values, others) is None
    assert stats.metric_difference(others, values) is None
    assert stats.predict_metric(values) is None


def test_a_metric_may_stand_still_at_a_bound_on_one_side():
    values, others = [0.0, 0.0, 0.0], [0.47, 0.35, 0.61]  # recall of a digit that one net never predicts
    found, expected = stats.metric_difference(values, others), scipy_stats.ttest_ind(values, others, equal_var=False)
    assert (found.p, found.t) == (pytest.approx(expected.pvalue), ((1.0, pytest.approx(expected.df)),))
