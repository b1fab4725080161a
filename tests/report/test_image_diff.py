"""The images on which two rows differ, by majority."""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

import pytest
from tests.report.predictions_of import leave_predictions
from tests.synthetic_sweep import Sweep

from mnist_sweeps import report
from mnist_sweeps.config.schema import Config, Data
from mnist_sweeps.data import dataset
from mnist_sweeps.report.image_diff import ImageDiff, image_diff

Diff = Callable[..., ImageDiff | None]
TEN = Data(test_size=10)
FEW = {"data": {"name": "mnist5k", "train": 400, "test": 10, "validation_is": "none", "description": "few"}}
FEW["config"] = asdict(Config(data=TEN))


@pytest.fixture
def differ(sweep: Sweep, read_once: None) -> Diff:
    """The difference of two rows with these predictions for 10 test images, seed by seed."""

    def differ(first: Sequence[Sequence[int]], second: Sequence[Sequence[int]], **more: Any) -> ImageDiff | None:
        sweep.row("first", [0.9] * len(first), **{**FEW, **more})
        sweep.row("second", [0.9] * len(second), **FEW)
        leave_predictions(sweep, "first", first)
        leave_predictions(sweep, "second", second)
        return image_diff(*report.read(sweep.save()).rows)

    return differ


def test_the_majority_over_the_seeds_decides(differ: Diff) -> None:
    zeros = [0] * 10
    one_differs = [5, *[0] * 9]
    found = differ([zeros, zeros, one_differs], [one_differs, one_differs, zeros])
    assert found is not None
    assert [(image.number, image.first, image.second) for image in found.images] == [(0, 0, 5)]
    assert found.n_test == 10


def test_the_labels_tell_who_is_right(differ: Diff) -> None:
    labels = [*map(int, dataset.load(TEN).test.labels)]
    found = differ([labels], [[(label + 1) % 10 if label < 3 else label for label in labels]])
    assert found is not None and found.labelled
    assert [image.true for image in found.images] == [label for label in labels if label < 3] != []
    assert (found.first_right, found.second_right) == (len(found.images), 0)


def test_without_the_images_nobody_is_right(differ: Diff) -> None:
    found = differ([[0] * 10], [[1] * 10], config={})
    assert found is not None and not found.labelled
    assert (len(found.images), found.first_right) == (10, 0)


@pytest.mark.parametrize("test", [5, 20])
def test_other_test_images_cannot_be_compared(differ: Diff, test: int) -> None:
    assert differ([[0] * test], [[0] * 10], data={**FEW["data"], "test": test}) is None


def test_without_predictions_nothing_is_known(differ: Diff) -> None:
    assert differ([[0] * 10], [[0] * 9]) is None
