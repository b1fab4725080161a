from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from mnist_sweeps.config.schema import Config, Conv, Model
from mnist_sweeps.data import dataset
from mnist_sweeps.data.dataset import Split
from mnist_sweeps.training.inputs import prepare

Make = Callable[..., Config]

CNN = Model(conv=Conv(filters=[4]))


@pytest.mark.parametrize(
    ("changed", "inputs", "shape"),
    [
        pytest.param({}, (784,), (784,), id="dense: flat"),
        pytest.param({"model": CNN}, (28, 28, 1), (28, 28), id="convolutions: one channel"),
        pytest.param({"model": CNN, "preprocessing": {"name": "normalize"}}, (28, 28, 1), (28, 28), id="normalized"),
        pytest.param(
            {"preprocessing": {"name": "forest_pixels", "pixels": 9, "trees": 5}}, (9,), (9,), id="chosen pixels"
        ),
    ],
)
def test_inputs_have_the_shape_that_the_network_takes(
    small: Make, split: Split, changed: dict[str, Any], inputs: tuple[int, ...], shape: tuple[int, ...]
) -> None:
    arrays = prepare(small(**changed), split)
    assert arrays.validation is not None
    assert [len(part[0]) for part in (arrays.train, arrays.validation, arrays.test)] == [200, 50, 100]
    for images, labels in (arrays.train, arrays.validation, arrays.test):
        assert images.shape == (len(labels), *inputs)
        assert (images.dtype, labels.dtype) == (np.float32, np.uint8)
    assert arrays.shape == shape


def test_each_part_is_its_own_digits(small: Make, split: Split) -> None:
    arrays = prepare(small(), split)
    assert arrays.validation is not None and split.validation is not None
    for (inputs, labels), digits in (
        (arrays.train, split.train),
        (arrays.validation, split.validation),
        (arrays.test, split.test),
    ):
        assert np.array_equal(np.rint(inputs * 255).reshape(-1, 28, 28), digits.images)
        assert np.array_equal(labels, digits.labels)


def test_validation_on_the_test_set_is_prepared_once(small: Make, split: Split) -> None:
    arrays = prepare(small(), replace(split, validation=split.test))
    assert arrays.validation is arrays.test


@pytest.mark.parametrize("validation", ["none", 50])
def test_the_fold_left_out_is_prepared_once(small: Make, validation: Any) -> None:
    seen = dataset.load(replace(small().data, validation=validation, folds=2)).leaving_out(1)
    arrays = prepare(small(), seen)
    assert arrays.fold is not None and seen.fold is not None
    assert np.array_equal(np.rint(arrays.fold[0] * 255).reshape(-1, 28, 28), seen.fold.images)
    assert (arrays.validation is arrays.fold) == (validation == "none")


def test_no_validation(small: Make, split: Split) -> None:
    assert prepare(small(), replace(split, validation=None)).validation is None


def test_what_is_fitted_is_fitted_on_training_images_alone(small: Make, split: Split) -> None:
    config = small(preprocessing={"name": "pca", "variance": 0.8})
    white = split.test._replace(images=255 - split.test.images)
    arrays, other = prepare(config, split), prepare(config, replace(split, validation=None, test=white))
    assert np.array_equal(arrays.train[0], other.train[0])
    np.testing.assert_allclose(arrays.train[0].mean(axis=0), 0, atol=1e-4)  # centred by its own mean
    assert np.abs(arrays.test[0].mean(axis=0)).max() > 0.01
