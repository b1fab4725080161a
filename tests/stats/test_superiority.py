"""How often a run of one row beats one of another."""

import numpy as np
import pytest
from scipy import stats

from mnist_sweeps.stats import superiority


def test_it_is_the_mann_whitney_statistic_over_all_pairs():
    values, others = [0.98, 0.981, 0.979, 0.985], [0.979, 0.98, 0.97]
    found = superiority(values, others)
    assert found.probability == pytest.approx(stats.mannwhitneyu(values, others).statistic / 12)
    assert 0 < found.low < found.probability < found.high < 1


def test_it_is_turned_around_with_the_rows():
    one, other = superiority([1, 2, 5], [3, 4, 6, 7]), superiority([3, 4, 6, 7], [1, 2, 5])
    assert one.probability == pytest.approx(1 - other.probability)
    assert (one.low, one.high) == pytest.approx((1 - other.high, 1 - other.low))


def test_where_all_runs_are_better_the_interval_has_a_width():
    found = superiority([5, 6, 7, 8, 9], [0, 1, 2, 3, 4])
    assert (found.probability, found.high) == (1, 1)
    assert 0.5 < found.low < 0.9


def test_equal_runs_are_ties():
    assert superiority([1, 1], [1, 1]).probability == 0.5


@pytest.mark.parametrize(("runs", "spread"), [((3, 3), 1), ((5, 5), 4), ((20, 3), 3)])
def test_the_interval_covers(runs, spread):
    random = np.random.default_rng(0)
    pairs = [(random.normal(0, 1, runs[0]), random.normal(0, spread, runs[1])) for _ in range(300)]
    covered = [found.low <= 0.5 <= found.high for found in (superiority(*pair) for pair in pairs)]
    assert np.mean(covered) >= 0.93


def test_one_run_is_refused():
    with pytest.raises(ValueError, match="not 1 and 2"):
        superiority([1], [1, 2])
