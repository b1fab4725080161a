"""Verdicts: the level they need, and what they say of a metric without spread."""

from math import isnan, sqrt

import pytest
from scipy import stats as scipy_stats

from mnist_sweeps import stats


def test_a_metric_without_spread_has_a_difference_and_no_interval():
    found = stats.compare_metric({"a": [0.1, 0.2], "b": [0.05]}, {"b": "a"}, 0.01)["b"]
    assert (found.difference, found.method) == (pytest.approx(-0.1), "no spread known")
    assert isnan(found.low) and isnan(found.high)
    assert (found.p, found.p_adjusted, found.verdict) == (None, None, "not distinguishable")


def test_a_metric_is_the_same_within_a_margin_in_its_own_unit():
    values = {"a": [2.0, 2.01, 1.99], "b": [2.0, 2.01, 1.99]}
    assert stats.compare_metric(values, {"b": "a"}, 0.5)["b"].verdict == "same within 0.5"


@pytest.mark.parametrize(
    ("p", "verdicts"), [(0.0499, ["higher", "lower"]), (0.0501, ["not distinguishable"] * 2)], ids=["below", "above"]
)
def test_a_verdict_needs_a_p_below_one_in_twenty(p, verdicts):
    shift = scipy_stats.t.isf(p / 2, 4) * sqrt(2 / 3)  # of two rows of three runs, variance 1 each
    values = {"a": [4.0, 5.0, 6.0], "b": [4.0 + shift, 5.0 + shift, 6.0 + shift]}
    found = [stats.compare_metric(values, against, 0.1) for against in ({"b": "a"}, {"a": "b"})]
    assert [comparison.verdict for row in found for comparison in row.values()] == verdicts


def test_without_a_margin_nothing_is_the_same():
    values = {"a": [2.0, 2.01, 1.99], "b": [2.0, 2.01, 1.99]}
    assert stats.compare_metric(values, {"b": "a"}, 0)["b"].verdict == "not distinguishable"


def test_a_row_that_is_not_there_is_named_with_those_that_are():
    with pytest.raises(ValueError, match=r"^no runs of 'c' to compare; there are 'a', 'b'$"):
        stats.compare_metric({"a": [1.0], "b": [2.0]}, {"c": "a"}, 0.1)
