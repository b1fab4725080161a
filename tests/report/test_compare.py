"""Comparisons between the rows of a report."""

import pytest

from mnist_sweeps.report import read
from mnist_sweeps.report.compare import comparisons, fold_scores, samples


def rows_of(sweep):
    return read(sweep.save()).rows


def test_samples_are_of_rows_with_runs_and_without_second_names(three_rows):
    three_rows.row("twin", seeds=3, same_as="wide")
    three_rows.row("later", seeds=3)
    found = samples(rows_of(three_rows))
    assert list(found) == ["512-256", "wide", "sgd, 5 epochs"]
    assert (found["wide"].values, found["wide"].n_test) == ((0.988, 0.989, 0.9885), 10_000)


def test_runs_at_chance_are_in_no_sample(sweep):
    sweep.row("a", [0.98, 0.098, 0.982])
    assert samples(rows_of(sweep))["a"].values == (0.98, 0.982)


def test_fold_scores_have_their_seed_and_fold(sweep):
    sweep.fold_row("a", [0.97, 0.98], [0.96, 0.99])
    scores = fold_scores(rows_of(sweep))["a"]
    assert scores.values == {(0, 0): 0.97, (0, 1): 0.98, (1, 0): 0.96, (1, 1): 0.99}


def test_a_second_name_shares_the_comparison(three_rows):
    three_rows.row("twin", seeds=3, same_as="wide", compared_with="512-256")
    found = comparisons(rows_of(three_rows), 0.002)
    assert found["twin"] is found["wide"]
    assert found["wide"].tests == 2


def test_a_second_name_compared_with_another_row_has_a_comparison_of_its_own(three_rows):
    three_rows.row("twin", seeds=3, same_as="wide", compared_with="sgd, 5 epochs")
    assert comparisons(rows_of(three_rows), 0.002)["twin"].difference == pytest.approx(0.0175)
