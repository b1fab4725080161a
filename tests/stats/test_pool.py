"""Which rows share a spread, and how far they spread together."""

from math import sqrt

import pytest
from scipy import stats as scipy_stats
from tests.stats.samples import DEAD, UNSTABLE, N, follows_law, spread, sweep

from mnist_sweeps import stats
from mnist_sweeps.stats import Sample

F = scipy_stats.f(4, 4 * 14)  # of a row's variance beside those of 14 others, five runs each


@pytest.mark.parametrize(("times", "inside"), [(1.02, True), (0.98, False)])
def test_a_row_is_an_outlier_where_the_noise_law_has_one_in_a_thousand_sweeps(times, inside):
    tail = times * 0.001 / 15 / 2
    samples = sweep() | {"row 5": spread(follows_law(0.984, 5), sqrt(F.isf(tail)))}
    assert ("row 5" in stats.pool(samples).rows) == inside
    assert stats.pool(samples).freedom == (60 if inside else 56)


@pytest.mark.parametrize("broken", [spread(UNSTABLE, 1.5), DEAD], ids=["unstable", "dead"])
@pytest.mark.parametrize("count", [1, 6], ids=["one", "six of fifteen"])
def test_rows_that_break_the_law_do_not_hide_each_other(broken, count):
    samples = sweep() | {f"row {i}": broken for i in range(count)}
    shared = stats.pool(samples)
    assert set(samples) - shared.rows == {f"row {i}" for i in range(count)}
    assert shared.dispersion == pytest.approx(1, abs=0.01)
    assert shared.freedom == 4 * (15 - count)


@pytest.mark.parametrize("broken", [UNSTABLE, DEAD], ids=["unstable", "dead"])
def test_of_two_rows_the_broken_one_is_told(broken):
    assert stats.pool({"a": broken, "b": follows_law(0.984, 1)}).rows == {"b"}


def test_a_common_dispersion_is_no_breach():
    wide = {name: spread(row, 2) for name, row in sweep().items()}
    shared = stats.pool(wide)
    assert shared.rows == set(wide)
    assert shared.dispersion == pytest.approx(4, abs=0.01)


def test_a_row_of_many_runs_weighs_no_more_than_the_median_row():
    """A baseline of 20 runs at the law beside rows of 3 runs at 1.5 times its sd: 7 rows of weight 2."""
    rows = {f"row {i}": spread(follows_law(0.984, i, runs=3), 1.5) for i in range(6)}
    shared = stats.pool(rows | {"base": follows_law(0.984, 9, runs=20)})
    assert shared.freedom == 14
    assert shared.dispersion == pytest.approx((6 * 2.25 + 1) / 7, rel=0.01)


@pytest.mark.parametrize(("rows", "shared"), [(2, False), (3, True)])
def test_two_rows_have_nothing_to_share(rows, shared):
    assert stats.pool(sweep(rows)).shared == shared


def test_without_two_runs_that_differ_the_law_holds():
    assert stats.pool({"one": Sample((0.98,), N), "dead": DEAD}) == stats.Pool(1.0, 0.0, frozenset())
