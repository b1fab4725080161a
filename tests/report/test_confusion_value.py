"""Entries of a confusion matrix as the metric of a claim."""

from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest

from mnist_sweeps.config.schema import Data
from mnist_sweeps.data import dataset
from mnist_sweeps.report.confusion_value import confusion_value
from mnist_sweeps.report.local_digits import local_digits

DATA = Data(name="mnist5k", test_size=100)  # 10 of each digit


def predict(folder: Path, one_8: int, images: int = 100) -> None:
    """Predictions that are right, except for one 8."""
    labels = dataset.load(DATA).test.labels.copy()
    labels[np.flatnonzero(labels == 8)[0]] = one_8
    np.savez(folder / "predictions.npz", predicted=labels[:images])


@pytest.mark.parametrize(
    ("metric", "value"),
    [("confusion_8_5", 0.1), ("confusion_5_8", 0), ("confusion_8_8", 0.9), ("confusion_8_10", None)],
)
def test_a_share_of_a_class(tmp_path: Path, metric: str, value: float | None) -> None:
    predict(tmp_path, one_8=5)
    assert confusion_value(tmp_path, local_digits(asdict(DATA)), metric) == value


def test_none_without_predictions_of_these_images(tmp_path: Path) -> None:
    assert confusion_value(tmp_path, local_digits(asdict(DATA)), "confusion_8_5") is None
    predict(tmp_path, one_8=5, images=99)
    assert confusion_value(tmp_path, local_digits(asdict(DATA)), "confusion_8_5") is None


def test_none_where_the_images_are_not_on_this_machine(tmp_path: Path) -> None:
    predict(tmp_path, one_8=5)
    assert (
        confusion_value(tmp_path, local_digits({"name": "own", "path": str(tmp_path / "gone")}), "confusion_8_5")
        is None
    )
