"""Printed values beside where one more run of ours would lie."""

import pytest

from mnist_sweeps.report import read
from mnist_sweeps.report.reference import printed


def values(sweep, reference):
    sweep.plan["reference"] = {"columns": ["test_loss", "test_accuracy"], "rows": reference}
    return {(value.row, value.metric): value for value in printed(read(sweep.save()))}


def test_every_value_of_a_row_with_runs_is_found(three_rows):
    three_rows.row("later", seeds=3)
    found = values(three_rows, {"wide": [0.05, 0.9884], "later": [0.05, 0.98], "512-256": [None, 0.99]})
    assert set(found) == {("wide", "test_loss"), ("wide", "test_accuracy"), ("512-256", "test_accuracy")}
    low, high = found["wide", "test_accuracy"].law.interval()
    assert low < 0.9884 < high and found["wide", "test_accuracy"].p > 0.5
    assert found["512-256", "test_accuracy"].p < 0.05


def test_the_interval_is_that_of_the_table(three_rows):
    row = read(three_rows.save()).rows[1]
    assert values(three_rows, {"wide": [None, 0.98]})["wide", "test_accuracy"].law.interval() == row.predicted


def test_a_mean_over_folds_lies_beside_the_means_of_our_seeds(sweep):
    sweep.fold_row("a", [0.95, 0.97], [0.952, 0.972], [0.951, 0.973])
    sweep.plan["reference"] = {"columns": ["fold_accuracy"], "rows": {"a": [0.96]}}
    (found,) = printed(read(sweep.save()))
    assert (found.runs, found.law.interval()) == (3, read(sweep.folder).rows[0].predicted)


def test_one_run_has_a_law_for_its_accuracy_alone(sweep):
    sweep.row("cnn", [0.99])
    found = values(sweep, {"cnn": [0.05, 0.9902]})
    assert set(found) == {("cnn", "test_accuracy")}
    assert found["cnn", "test_accuracy"].law.error == pytest.approx(0.001)  # sqrt(2) sqrt(0.01 / 20,000)
