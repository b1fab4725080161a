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
