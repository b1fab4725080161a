"""Verdicts: the level they need, what they say of single runs, and what cannot be compared."""

from math import isnan, sqrt

import numpy as np
import pytest
from scipy import stats as scipy_stats
from statsmodels.stats.multitest import multipletests
from tests.stats.samples import DEAD, UNSTABLE, N, against_first, follows_law, spread, sweep

from mnist_sweeps import stats
from mnist_sweeps.stats import Sample


def test_a_metric_without_spread_has_a_difference_and_no_interval():
    found = stats.compare_metric({"a": [0.1, 0.2], "b": [0.05]}, {"b": "a"}, 0.01)["b"]
    assert (found.difference, found.method) == (pytest.approx(-0.1), "no spread known")
    assert isnan(found.low) and isnan(found.high)
    assert (found.p, found.p_adjusted, found.verdict) == (None, None, "one seed")


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


@pytest.mark.parametrize("p", [[0.01, 0.04, 0.03, 0.005], [0.5, 0.9, 0.8], [0.02], [0.01, 0.01, 0.06]])
def test_holm_is_statsmodels(p):
    assert stats.holm(p) == pytest.approx(multipletests(p, method="holm")[1])


def test_holm_of_nothing():
    assert stats.holm([]).size == 0
    assert stats.compare({"a": DEAD}, {}, 0.002) == {}


def test_pooled_comparison_by_hand():
    samples = sweep() | {"row 3": follows_law(0.9865, 3)}
    found = stats.compare(samples, against_first(samples), 0.002)["row 3"]
    error = sqrt(stats.dispersion(samples) * ((1 - 0.984) + (1 - 0.9865)) / (2 * N) / 5)
    p = 2 * scipy_stats.t.sf(0.0025 / error, 60)
    half = scipy_stats.t.ppf(0.975, 60) * error
    assert (found.method, found.verdict) == ("pooled", "higher")
    assert (found.p, found.p_adjusted) == pytest.approx((p, 14 * p))
    assert (found.low, found.high) == pytest.approx((0.0025 - half, 0.0025 + half))


def test_a_row_that_breaks_the_law_gets_scipys_welch():
    samples = sweep() | {"row 4": UNSTABLE}
    found = stats.compare(samples, against_first(samples), 0.002)
    expected = scipy_stats.ttest_ind(UNSTABLE.values, samples["row 0"].values, equal_var=False)
    assert found["row 4"].method == "Welch"
    assert found["row 4"].p == pytest.approx(expected.pvalue)
    assert (found["row 4"].low, found["row 4"].high) == pytest.approx(tuple(expected.confidence_interval()))
    assert found["row 1"].method == "pooled"


def test_p_is_adjusted_over_the_whole_sweep():
    samples = sweep() | {"row 2": UNSTABLE, "row 3": follows_law(0.982, 3), "row 4": follows_law(0.9845, 4)}
    found = stats.compare(samples, against_first(samples), 0.002)
    expected = multipletests([row.p for row in found.values()], method="holm")[1]
    assert [row.p_adjusted for row in found.values()] == pytest.approx(expected.tolist())


def test_comparisons_that_are_not_shown_count_in_the_adjustment():
    rows = {"a": follows_law(0.984, 5), "b": follows_law(0.986, 6)}
    alone, among_four = (stats.compare(rows, {"b": "a"}, 0.002, others=others)["b"] for others in (0, 3))
    assert among_four.p == alone.p
    assert among_four.p_adjusted == pytest.approx(min(4 * alone.p, 1))
    assert (alone.tests, among_four.tests) == (1, 4)


def test_a_dead_net_is_lower_and_two_dead_nets_are_not_told_apart():
    samples = sweep() | {"row 1": DEAD, "row 2": DEAD, "row 3": Sample((0.1028,) * 5, N)}
    found = stats.compare(samples, against_first(samples) | {"row 2": "row 1", "row 3": "row 1"}, 0.002)
    assert found["row 1"].verdict == "lower"
    for row in ("row 2", "row 3"):
        assert found[row].verdict == "not distinguishable"
        assert found[row].high - found[row].low > 0.001


def test_a_seed_that_is_not_applied_is_one_run_however_often_it_is_copied():
    copies = {f"row {i}": Sample((accuracy,) * 5, N) for i, accuracy in enumerate((0.984, 0.9862, 0.95))}
    found = stats.compare(copies, against_first(copies), 0.002)
    assert [row.verdict for row in found.values()] == ["not distinguishable", "lower"]
    half = scipy_stats.t.ppf(0.975, 8) * sqrt((0.016 + 0.0138) / (2 * N))  # the law of one run
    assert found["row 1"].high - found["row 1"].difference == pytest.approx(half, rel=0.01)


def test_equal_perfect_rows_are_no_certainty():
    samples = {"a": Sample((1.0,) * 5, 200), "b": Sample((1.0,) * 5, 200), "c": Sample((0.995,) * 5, 200)}
    found = stats.compare(samples, {"b": "a", "c": "a"}, 0.002)
    assert found["b"].difference == 0
    assert found["b"].p == 1
    assert found["b"].low < 0 < found["b"].high


@pytest.mark.parametrize("runs", [1, 5], ids=["against one", "against five"])
def test_a_single_run_gets_a_band_and_no_verdict(runs):
    samples = {"a": follows_law(0.984, 0, runs) if runs > 1 else Sample((0.984,), N), "b": Sample((0.9,), N)}
    found = stats.compare(samples, {"b": "a"}, 0.002)["b"]
    half = 1.96 * sqrt((0.016 / runs + 0.1) / (2 * N))
    assert (found.low, found.high) == pytest.approx((-0.084 - half, -0.084 + half), rel=1e-4)
    assert (found.verdict, found.method, found.p, found.p_adjusted) == (
        "one seed",
        "noise law, single runs",
        None,
        None,
    )


def test_single_runs_do_not_count_in_the_adjustment():
    samples = sweep(3) | {f"one {i}": Sample((0.984,), N) for i in range(5)}
    found = stats.compare(samples, against_first(samples), 0.002)
    alone = stats.compare(samples, {"row 1": "row 0", "row 2": "row 0"}, 0.002)
    assert found["row 1"] == alone["row 1"]
    assert {row.tests for row in found.values()} == {2}


def test_two_runs_at_chance_may_have_diverged_and_three_are_a_dead_net():
    samples = sweep(6) | {"two": Sample((0.098, 0.1135), N), "three": Sample((0.098, 0.1135, 0.1), N)}
    found = stats.compare(samples, against_first(samples), 0.002)
    assert (found["two"].verdict, found["three"].verdict) == ("not distinguishable", "lower")
    assert (found["two"].method, found["two"].p) == ("no test, both runs at chance", None)
    dead = stats.compare(samples, {"two": "three"}, 0.002)["two"]
    assert dead.p is not None  # neither learned: an ordinary comparison


def test_the_band_widens_with_the_dispersion_and_never_narrows():
    def width(factor: float) -> float:
        rows = {name: spread(row, factor) for name, row in sweep().items()}
        found = stats.compare(rows | {"one": Sample((0.984,), N)}, {"one": "row 0"}, 0.002)["one"]
        return found.high - found.low

    assert width(2) == pytest.approx(2 * width(1), rel=1e-3)
    assert width(0.3) == pytest.approx(width(1), rel=1e-3)


def test_same_within_the_margin_by_interval():
    many = {name: follows_law(0.984, i, runs=20) for i, name in enumerate("ab")}
    assert stats.compare(many, {"b": "a"}, 0.002)["b"].verdict == "same within 0.2 pp"
    assert stats.compare(many, {"b": "a"}, 0.0125)["b"].verdict == "same within 1.25 pp"
    assert stats.compare(many, {"b": "a"}, 0.0002)["b"].verdict == "not distinguishable"


def test_sameness_is_adjusted_over_the_sweep_too():
    rows = {f"row {i}": follows_law(0.984, i, runs=10) for i in range(8)}
    margin = 0.0009
    alone = stats.compare(rows, {"row 1": "row 0"}, margin)["row 1"]
    assert alone.verdict == "same within 0.09 pp"
    found = stats.compare(rows, against_first(rows), margin)
    assert -margin < found["row 1"].low < found["row 1"].high < margin  # its own interval would do
    assert {row.verdict for row in found.values()} == {"not distinguishable"}


def test_a_proven_difference_is_told_inside_the_margin_too():
    samples = {"a": follows_law(0.984, 1, runs=50), "b": follows_law(0.9848, 2, runs=50)}
    found = stats.compare(samples, {"b": "a"}, 0.002)["b"]
    assert 0 < found.low < found.high < 0.002
    assert found.verdict == "higher"


@pytest.mark.parametrize(
    ("against", "margin", "words"),
    [
        ({"x": "row 0"}, 0.002, "no runs of 'x'"),
        ({"row 1": "y"}, 0.002, "no runs of 'y'"),
        ({"row 1": "row 1"}, 0.002, "itself"),
        ({"row 1": "row 0"}, -0.1, "margin"),
    ],
)
def test_what_cannot_be_compared_is_said(against, margin, words):
    with pytest.raises(ValueError, match=words):
        stats.compare(sweep(3), against, margin)


def test_another_metric_gets_welch_and_holm():
    values = {"a": [0.05, 0.06, 0.055], "b": [0.09, 0.095, 0.091], "c": [0.07, 0.05, 0.06]}
    found = stats.compare_metric(values, {"b": "a", "c": "a"}, 0.01)
    p = [scipy_stats.ttest_ind(values[row], values["a"], equal_var=False).pvalue for row in "bc"]
    assert [row.p for row in found.values()] == pytest.approx(p)
    adjusted = multipletests(p, method="holm")[1].tolist()
    assert [row.p_adjusted for row in found.values()] == pytest.approx(adjusted)
    assert [row.verdict for row in found.values()] == ["higher", "not distinguishable"]


@pytest.mark.parametrize(
    ("values", "verdict"),
    [([0.05], "one seed"), ([2.3, 2.3, 2.3], "not distinguishable")],
    ids=["one run", "equal runs"],
)
def test_a_metric_without_spread_is_not_tested(values, verdict):
    found = stats.compare_metric({"a": [0.1, 0.2], "b": values, "c": [0.1, 0.3]}, {"b": "a", "c": "a"}, 0.01)
    assert list(found) == ["b", "c"]
    assert (found["b"].p, found["b"].verdict) == (None, verdict)
    assert np.isnan(found["b"].low)
    assert found["c"].p_adjusted == found["c"].p


def test_a_metric_must_be_finite():
    with pytest.raises(ValueError, match=r"^every row needs at least one value, and every value must be finite$"):
        stats.compare_metric({"a": [0.1, 0.2], "b": [float("nan"), 1.0]}, {"b": "a"}, 0.01)
