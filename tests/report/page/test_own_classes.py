"""The page of a sweep on images that are not digits."""

from dataclasses import asdict
from pathlib import Path

import numpy as np
from tests.synthetic_sweep import Sweep

from mnist_sweeps.config.schema import Config, Data
from mnist_sweeps.report import read
from mnist_sweeps.report.page import predictions
from mnist_sweeps.report.page.table import page_columns
from mnist_sweeps.report.tables.columns import columns
from mnist_sweeps.report.tables.record import record

CLASSES = [f"class {number}" for number in range(12)]
LABELS = np.arange(144) % 12


def own_sweep(sweep: Sweep, tmp_path: Path) -> Sweep:
    images = np.random.default_rng(0).integers(0, 256, (144, 9, 6)).astype(np.uint8)
    np.savez(tmp_path / "own.npz", images=images, labels=LABELS, classes=np.array(CLASSES))
    config = asdict(Config(data=Data(name="own", path=str(tmp_path / "own.npz"))))
    counts = {"name": "own", "train": 120, "test": 24, "validation_is": "none", "classes": CLASSES}
    corrupted = {"rotated_accuracy": 0.25, "low_contrast_accuracy": 0.5}
    sweep.row("plain", [0.9], config=config, data=counts, metrics=corrupted)
    sweep.row("wide", [0.95], config=config, data=counts)
    for name, wrong in (("plain", 11), ("wide", 0)):
        predicted = np.arange(24) % 12
        predicted[0] = wrong
        np.savez(sweep.folder / name / "seed-0" / "predictions.npz", predicted=predicted.astype(np.uint8))
    return sweep


def test_predictions_name_the_classes_and_fit_images_that_are_not_square(sweep: Sweep, tmp_path: Path) -> None:
    found = predictions.predictions(read(own_sweep(sweep, tmp_path).save()).rows)
    assert found["classes"] == CLASSES
    assert np.array(found["confusion"]).shape == (2, 12, 12)
    assert (found["true"], found["predicted"]) == ([0], [[11], [0]])
    assert found["ratio"] == 1.5


def test_each_kind_of_corrupted_images_has_a_column(sweep: Sweep, tmp_path: Path) -> None:
    folder = own_sweep(sweep, tmp_path).save()
    report = read(folder)
    headers = [column.header for column in columns(report, wide=False)]
    assert headers[headers.index("Test accuracy %") + 1 :][:2] == ["Rotated %", "Low contrast %"]
    column = next(column for column in page_columns(report) if column.header == "Low contrast %")
    assert column.value is not None
    assert (column.cell(report.rows[0]), column.value(report.rows[0])) == ("50.00", 0.5)
    assert record(report.rows[0], report)["rotated_accuracy_mean"] == 0.25
    assert record(report.rows[1], report)["rotated_accuracy_mean"] is None


def test_each_metric_of_keras_has_a_column(sweep: Sweep) -> None:
    sweep.row("plain", [0.9], metrics={"test_f1_score": 0.875, "val_f1_score": 0.75})
    sweep.row("wide", [0.95])
    report = read(sweep.save())
    headers = [column.header for column in columns(report, wide=False)]
    assert headers[headers.index("Test accuracy %") + 1] == "F1 score"
    column = next(column for column in page_columns(report) if column.header == "F1 score")
    assert column.value is not None
    assert (column.cell(report.rows[0]), column.value(report.rows[0])) == ("0.8750", 0.875)
    assert [record(row, report)["val_f1_score_mean"] for row in report.rows] == [0.75, None]
