"""Differences over new seeds and new digits, from the predictions in the run folders."""

import pytest
from tests.synthetic_sweep import Sweep, full_row

from mnist_sweeps import report
from mnist_sweeps.config.schema import Data
from mnist_sweeps.data import dataset
from mnist_sweeps.report.page import render
from mnist_sweeps.report.tables.record import record


@pytest.fixture
def predicted(sweep: Sweep, read_once: None) -> Sweep:
    """A baseline and a row that is better, with predictions of 200 test images of mnist5k."""
    labels = dataset.load(Data(test_size=200)).test.labels
    counts = {"data": {"name": "mnist5k", "test": 200, "validation_is": "none"}}
    full_row(sweep, "base", [0.80, 0.81, 0.79], labels, **counts)
    full_row(sweep, "better", [0.95, 0.94, 0.96], labels, compared_with="base", **counts)
    return sweep


def test_they_are_wider_than_those_over_seeds(predicted):
    read = report.read(predicted.save())
    low, high = read.new_digits["better"]
    found = read.rows[1].comparison
    assert 0 < low < found.difference < high
    line = record(read.rows[1], read)
    assert (line["new_digits_ci_low"], line["new_digits_ci_high"]) == (low, high)
    assert "new seeds and new digits" in render.render(read)


def test_without_predictions_there_are_none(predicted):
    (predicted.folder / "base" / "seed-1" / "predictions.npz").unlink()
    assert len(report.read(predicted.save()).new_digits) == 1  # two runs of the base are left
    (predicted.folder / "base" / "seed-0" / "predictions.npz").unlink()
    assert report.read(predicted.save()).new_digits == {}


def test_without_the_test_images_there_are_none(predicted, monkeypatch):
    monkeypatch.setattr("mnist_sweeps.data.sources.is_local", lambda name, path: False)
    assert report.read(predicted.save()).new_digits == {}


def test_a_run_that_is_better_is_counted(three_rows):
    wide, sgd = report.read(three_rows.save()).rows[1:]
    assert (wide.superiority.probability, sgd.superiority.probability) == (1, 0)
    assert wide.superiority.low == pytest.approx(1 - sgd.superiority.high)
