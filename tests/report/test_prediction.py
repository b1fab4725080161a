"""Where one more run of a row would lie."""

import pytest

from mnist_sweeps.report import read
from mnist_sweeps.report.prediction import one_more


def predicted(sweep, metric):
    (row,) = read(sweep.save()).rows
    return one_more(row, metric)


def test_accuracy_is_predicted_from_one_run_and_other_metrics_from_two(sweep):
    sweep.row("a", [0.98])
    prediction, runs = predicted(sweep, "test_accuracy")
    assert (prediction.mean, runs) == (0.98, 1)
    assert predicted(sweep, "test_loss") is None
    sweep.run("a", 1, 0.982)
    sweep.variants[0]["seeds"] = [0, 1]
    assert predicted(sweep, "test_loss")[1] == 2


def test_folds_predict_the_mean_over_the_folds_of_one_more_seed(sweep):
    sweep.fold_row("a", [0.97, 0.98], [0.96, 0.99], [0.98, 0.99])
    prediction, seeds = predicted(sweep, "fold_accuracy")
    assert (prediction.mean, seeds) == (pytest.approx((0.975 + 0.975 + 0.985) / 3), 3)


def test_one_seed_of_folds_predicts_nothing(sweep):
    sweep.fold_row("a", [0.97, 0.98])
    assert predicted(sweep, "fold_accuracy") is None


def test_a_metric_that_was_not_recorded_is_not_predicted(sweep):
    sweep.row("a", [0.98, 0.981])
    assert predicted(sweep, "recall_5") is None
