"""Which rows share a dispersion: each threshold from both sides."""

from math import sqrt

import numpy as np
import pytest
from scipy import stats as scipy_stats
from scipy.optimize import brentq
from tests.stats.samples import DEAD, UNSTABLE, N, follows_law, spread, sweep

from mnist_sweeps import stats
from mnist_sweeps.stats import Sample
from mnist_sweeps.stats.pool import bartlett

F = scipy_stats.f(4, 4 * 14)  # of a row's variance beside those of 14 others, five runs each


def one_row_at(tail: float) -> dict[str, Sample]:
    """15 rows, 14 of them exactly at the law; row 5 has so much spread that more has the probability `tail`."""
    return sweep() | {"row 5": spread(follows_law(0.984, 5), sqrt(F.isf(tail)))}


def test_a_row_is_suspected_where_half_a_row_in_a_lawful_sweep_would_be():
    rows = [one_row_at(times * 0.5 / 15) for times in (1.02, 0.98)]
    assert ["row 5" in stats.pool(samples).follows_law for samples in rows] == [True, False]
    assert [stats.pool(samples).freedom for samples in rows] == [60, 60]


def test_a_row_is_an_outlier_where_one_lawful_sweep_in_twenty_has_one():
    rows = [one_row_at(times * 0.05 / 15 / 2) for times in (1.02, 0.98)]
    assert [stats.pool(samples).freedom for samples in rows] == [60, 56]


def uneven(p: float) -> dict[str, Sample]:
    """15 rows whose sds rise in equal steps; Bartlett's test of them has this p value."""

    def ratios(widest: float) -> np.ndarray:
        return np.geomspace(1 / widest, widest, 15) ** 2

    widest = brentq(lambda widest: bartlett(ratios(widest), np.full(15, 4.0)) - p, 1.1, 5)
    return {f"row {i}": spread(follows_law(0.984, i), sqrt(ratio)) for i, ratio in enumerate(ratios(widest))}


@pytest.mark.parametrize(("p", "suspects"), [(0.102, 1), (0.098, 4)])
def test_rows_that_share_no_dispersion_are_suspected_at_a_higher_level(p, suspects):
    """One row in four at most (F test: 0.28, 0.17, 0.09, 0.04, 0.01), else 0.5 / 15."""
    samples = uneven(p)
    assert len(samples) - len(stats.pool(samples).follows_law) == suspects
    assert stats.pool(samples).freedom == 60


@pytest.mark.parametrize(("tail", "obeys"), [(0.255, True), (0.245, False)])
def test_among_uneven_rows_one_in_four_is_suspected(tail, obeys):
    samples = uneven(0.01)
    others = np.mean([row.variance / row.law for name, row in samples.items() if name != "row 10"])
    samples["row 10"] = spread(follows_law(0.984, 10), sqrt(others * F.isf(tail)))
    assert ("row 10" in stats.pool(samples).follows_law) == obeys


@pytest.mark.parametrize(
    ("factors", "names"),
    [
        pytest.param((0.1, 1, 1), {"1", "2"}, id="one below"),
        pytest.param((0.1, 1, 10), {"1"}, id="one below and one above"),
    ],
)
def test_rows_far_from_the_lower_median_are_set_aside(factors, names):
    samples = {str(i): spread(follows_law(0.984, i), factor) for i, factor in enumerate(factors)}
    assert stats.pool(samples) == stats.Pool(pytest.approx(1), 4 * len(names), frozenset(names))


@pytest.mark.parametrize(("tail", "obeys"), [(0.068, True), (0.065, False)])
def test_where_one_row_is_an_outlier_others_are_suspected_twice_as_soon(tail, obeys):
    """1 / 15 = 0.067; the outlier does not count among the others."""
    spread_of_others = scipy_stats.f(4, 4 * 13)
    samples = sweep() | {"row 5": spread(follows_law(0.984, 5), sqrt(spread_of_others.isf(tail))), "row 6": UNSTABLE}
    shared = stats.pool(samples)
    assert shared.follows_law == set(samples) - {"row 6"} - (set() if obeys else {"row 5"})
    assert shared.freedom == 56


@pytest.mark.parametrize(("tail", "obeys"), [(0.051, True), (0.049, False)])
def test_few_rows_are_suspected_as_those_of_a_sweep_of_ten(tail, obeys):
    samples = sweep(5) | {"row 2": spread(follows_law(0.984, 2), sqrt(scipy_stats.f(4, 16).isf(tail)))}
    assert ("row 2" in stats.pool(samples).follows_law) == obeys


def test_without_two_runs_that_differ_the_law_holds():
    assert stats.pool({"one": Sample((0.98,), N), "dead": DEAD}) == stats.Pool(1.0, 0, frozenset({"one"}))


def test_bartlett_of_two_groups_is_scipys():
    groups = [np.random.default_rng(i).normal(0, 1 + i, 4 + i) for i in range(2)]
    found = bartlett(np.array([g.var(ddof=1) for g in groups]), np.array([len(g) - 1.0 for g in groups]))
    assert found == pytest.approx(scipy_stats.bartlett(*groups).pvalue)


@pytest.mark.parametrize("count", [1, 3], ids=["one row", "equal rows"])
def test_bartlett_finds_nothing_uneven(count):
    assert bartlett(np.ones(count), np.full(count, 4.0)) == pytest.approx(1)
