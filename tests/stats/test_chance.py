"""Runs that only guess."""

import pytest

from mnist_sweeps import stats
from mnist_sweeps.stats.chance import guesses


@pytest.mark.parametrize(
    ("n_test", "limit"), [(10_000, 0.1230), (1_000, 0.1436), (200, 0.1808)], ids=["mnist", "mnist5k", "smoke"]
)
def test_guessing_scores_the_most_frequent_digit_and_three_standard_errors(n_test, limit):
    assert guesses(limit - 0.0001, n_test) and not guesses(limit + 0.0001, n_test)


def test_a_run_is_at_chance_only_beside_one_that_learned():
    assert stats.at_chance([0.98, 0.1135, 0.3, 0.098], 10_000) == [False, True, False, True]
    assert stats.at_chance([0.49, 0.1135], 10_000) == [False, False]
    assert stats.at_chance([0.098, 0.1135], 10_000) == [False, False]
    assert stats.at_chance([], 10_000) == []


def test_of_two_equal_classes_half_is_guessing():
    """By the share of MNIST's largest class, 11.35 %, none of them would be at chance."""
    assert stats.at_chance([0.93, 0.51, 0.5], 1_000, chance=0.5) == [False, True, True]
    assert stats.at_chance([0.51, 0.5], 1_000, chance=0.5) == [False, False]
    assert stats.at_chance([0.93, 0.51], 1_000) == [False, False]


def test_of_a_hundred_classes_ten_per_cent_is_learned():
    assert stats.at_chance([0.6, 0.1, 0.012], 10_000, chance=0.01) == [False, False, True]
