"""report.csv and histories.csv."""

import io

import pandas as pd
import pytest

from mnist_sweeps.report import read
from mnist_sweeps.report.tables import csv_files
from mnist_sweeps.report.tables.columns import columns

CONTRACT = (
    "variant,status,runs,changes,compared_with,test_accuracy_mean,test_accuracy_sd,test_accuracy_ci_low,"
    "test_accuracy_ci_high,test_loss_mean,val_accuracy_mean,parameters,epochs,seconds,accuracy_difference,"
    "accuracy_difference_ci_low,accuracy_difference_ci_high,p_adjusted,verdict,rank"
)


def report_frame(sweep):
    return pd.read_csv(io.StringIO(csv_files.report_csv(read(sweep.save())))).set_index("variant", drop=False)


def test_columns_of_the_contract_are_there(three_rows):
    assert set(CONTRACT.split(",")) <= set(report_frame(three_rows).columns)


def test_a_finished_sweep(three_rows):
    line = report_frame(three_rows).loc["sgd, 5 epochs"]
    assert (line["status"], line["runs"], line["verdict"]) == ("completed", 3, "lower")
    assert (line["changes"], line["attribution"]) == ("optimizer, epochs", "not attributable to one")
    assert line["compared_with"] == "512-256"
    assert line["test_accuracy_mean"] == pytest.approx(0.971)
    assert line["val_accuracy_mean"] == pytest.approx(0.961)
    assert line["test_accuracy_sd"] == pytest.approx(0.001)
    assert line["test_accuracy_ci_low"] < 0.971 < line["test_accuracy_ci_high"]
    assert line["p_adjusted"] < 0.001
    assert line["rank"] == 3
    assert line["accuracy_difference"] == pytest.approx(-0.0135)
    assert line["accuracy_difference_ci_low"] < -0.0135 < line["accuracy_difference_ci_high"] < 0
    assert (line["parameters"], line["epochs"], line["seconds"]) == (537_354, 20, 60)


def test_whole_numbers_stay_whole_and_unknown_cells_are_empty(three_rows):
    three_rows.row("later", seeds=3)
    lines = csv_files.report_csv(read(three_rows.save())).splitlines()
    assert ",537354," in lines[1] and lines[1].endswith(",2")
    assert lines[4].startswith("later,not run yet,0,3,,,,,,,")


def test_notebook_columns_come_with_reference_values_only(three_rows):
    assert not any(column.startswith("reference") for column in report_frame(three_rows).columns)
    values = {"wide": [0.05, 0.988]}
    three_rows.plan["reference"] = {"columns": ["test_loss", "test_accuracy"], "rows": values}
    line = report_frame(three_rows).loc["wide"]
    assert (line["reference_test_loss"], line["reference_test_accuracy"]) == (0.05, 0.988)
    assert line["prediction_low"] < 0.9885 < line["prediction_high"]


def test_an_equal_row_says_so(three_rows):
    three_rows.row("twin", seeds=3, same_as="wide")
    line = report_frame(three_rows).loc["twin"]
    assert (line["same_as"], line["verdict"]) == ("wide", "= wide")


def test_histories_have_a_line_for_each_epoch_of_each_run(three_rows):
    three_rows.row("twin", seeds=3, same_as="wide")
    frame = pd.read_csv(io.StringIO(csv_files.histories_csv(read(three_rows.save()))))
    assert len(frame) == 3 * 3 * 2
    assert list(frame.columns[:5]) == ["variant", "seed", "fold", "status", "epoch"]
    assert frame.iloc[1].to_dict() | {"fold": None, "val_loss": None, "val_accuracy": None} == {
        "variant": "512-256", "seed": 0, "fold": None, "status": "completed", "epoch": 2,
        "loss": 0.25, "accuracy": 0.9, "val_loss": None, "val_accuracy": None,
    }  # fmt: skip


def test_a_sweep_without_runs_has_empty_histories(sweep):
    sweep.row("a", seeds=1)
    header = "variant,seed,fold,status,epoch,loss,accuracy,val_loss,val_accuracy\n"
    assert csv_files.histories_csv(read(sweep.save())) == header


def test_folds_have_columns_of_their_own(sweep):
    sweep.row("plain", [0.9])
    assert "fold_accuracy_mean" not in report_frame(sweep).columns
    sweep.fold_row("a", [0.97, 0.98])
    line = report_frame(sweep).loc["a"]
    assert (line["folds"], line["fold_accuracy_mean"]) == (2, pytest.approx(0.975))
    assert line["fold_accuracy_sd"] == pytest.approx(0.01 / 2**0.5)
    assert line["test_accuracy_mean"] == pytest.approx(0.955)


def test_histories_name_the_fold(sweep):
    sweep.fold_row("a", [0.97, 0.98])
    frame = pd.read_csv(io.StringIO(csv_files.histories_csv(read(sweep.save()))))
    assert frame["fold"].tolist() == [0, 0, 1, 1]


def test_evaluated_training_images_have_a_column_where_there_are_any(sweep):
    sweep.row("plain", [0.9])
    assert "evaluated_train_accuracy_mean" not in report_frame(sweep).columns
    sweep.row("evaluated", [0.9], metrics={"evaluated_train_accuracy": 0.95})
    frame = report_frame(sweep)
    assert frame.loc["evaluated", "evaluated_train_accuracy_mean"] == 0.95
    assert pd.isna(frame.loc["plain", "evaluated_train_accuracy_mean"])
    report = read(sweep.folder)
    (column,) = (column for column in columns(report, wide=False) if column.header == "Train accuracy %")
    assert [column.cell(row) for row in report.rows] == ["", "95.00"]
