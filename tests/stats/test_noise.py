"""The noise law, samples, and what so many seeds can show."""

import numpy as np
import pytest
from tests.stats.samples import DEAD, SCORES, N, follows_law, spread

from mnist_sweeps import stats
from mnist_sweeps.stats import Sample


def test_a_sample_may_score_nothing_or_everything_on_a_single_image():
    assert Sample((0.0, 1.0), 1).mean == 0.5


@pytest.mark.parametrize(
    ("values", "n_test", "said"),
    [
        ((), N, "a sample needs at least one accuracy"),
        ((98.4,), N, r"accuracies are fractions in 0..1, not \[98.4\]"),
        ((1.5,), N, r"accuracies are fractions in 0..1, not \[1.5\]"),
        ((float("nan"),), N, r"accuracies are fractions in 0..1, not \[nan\]"),
        ((0.9,), 0, "n_test is a count of images, at least 1, not 0"),
    ],
)
def test_what_no_network_can_score_is_refused(values, n_test, said):
    with pytest.raises(ValueError, match=rf"^{said}$"):
        Sample(values, n_test)


def test_law_at_98_point_4():
    assert stats.noise_law_sd(0.984, N) == pytest.approx(0.0009, abs=1e-5)


@pytest.mark.parametrize("factor", [0.5, 1, 3])
def test_self_check_and_dispersion_see_the_factor(factor):
    wide = spread(follows_law(0.984, 1), factor)
    assert stats.self_check_ratio(wide) == pytest.approx(factor)
    assert stats.dispersion({"a": wide, "b": wide}) == pytest.approx(factor**2)


def test_dispersion_weighs_by_degrees_of_freedom():
    a, b, c = Sample(SCORES, N), Sample((0.97, 0.972, 0.973), 5000), Sample((0.9,), N)
    law = [(1 - np.mean(row.values)) / (2 * row.n_test) for row in (a, b)]
    expected = (4 * np.var(a.values, ddof=1) / law[0] + 2 * np.var(b.values, ddof=1) / law[1]) / 6
    assert stats.dispersion({"a": a, "b": b, "c": c}) == pytest.approx(expected)
    assert stats.dispersion({"c": c}) == 1


def test_self_check_of_equal_runs_and_of_one():
    assert stats.self_check_ratio(DEAD) == stats.self_check_ratio(Sample((1.0, 1.0), 200)) == 0
    with pytest.raises(ValueError, match=r"^one run has no spread: the self-check needs at least 2$"):
        stats.self_check_ratio(Sample((0.98,), N))


@pytest.mark.parametrize(("seeds", "points"), [(3, 0.24), (5, 0.15), (10, 0.094)])
def test_detectable_difference_is_the_known_one(seeds, points):
    assert 100 * stats.detectable_difference(0.984, N, seeds) == pytest.approx(points, abs=0.005)


def test_more_rows_need_a_larger_difference():
    few, many = (stats.detectable_difference(0.984, N, 3, rows=rows) for rows in (2, 15))
    assert many > few


@pytest.mark.parametrize(("seeds", "rows"), [(1, 2), (5, 1)])
def test_what_cannot_be_compared_detects_nothing(seeds, rows):
    with pytest.raises(ValueError, match=rf"^a comparison needs at least 2 seeds and 2 rows, not {seeds} and {rows}$"):
        stats.detectable_difference(0.984, N, seeds, rows=rows)


@pytest.mark.parametrize("rows", [2, 15])
def test_the_seeds_to_detect_a_difference_are_the_fewest_that_do(rows):
    seeds = stats.seeds_to_detect(0.002, 0.984, N, rows)
    assert stats.detectable_difference(0.984, N, seeds, rows) <= 0.002
    assert stats.detectable_difference(0.984, N, seeds - 1, rows) > 0.002


def test_a_difference_of_a_hundredth_of_the_law_needs_more_seeds_than_anyone_trains():
    assert stats.seeds_to_detect(0.00001, 0.984, N) is None
