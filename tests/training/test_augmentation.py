from typing import Any

import keras
import numpy as np
import pytest
from numpy.typing import NDArray

from mnist_sweeps.config.schema import Augmentation
from mnist_sweeps.training.augmentation import EpochImages, movements, resampled
from mnist_sweeps.training.inputs import Arrays

SIDES = (28, 20)
IMAGES = np.random.default_rng(0).random((60, *SIDES), np.float32)
ALL = Augmentation(translation=0.1, rotation=0.05, zoom=0.2)


def drawn(setting: Augmentation) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    return movements(setting, len(IMAGES), SIDES, np.random.default_rng(1))


def moved_by(layer: keras.Layer, transformation: dict[str, Any]) -> NDArray[np.float32]:
    return np.asarray(layer.transform_images(IMAGES[..., np.newaxis], transformation))[..., 0]


def test_a_translation_is_that_of_keras_layer() -> None:
    layer = keras.layers.RandomTranslation(0.1, 0.1, fill_mode="constant")
    matrices, shifts = drawn(Augmentation(translation=0.1))
    moved = moved_by(layer, {"translations": shifts[:, ::-1], "input_shape": (*IMAGES.shape, 1)})
    assert np.abs(shifts).max(axis=0) == pytest.approx([2.8, 2], rel=0.1)
    assert resampled(IMAGES, matrices, shifts) == pytest.approx(moved, abs=1e-5)


def test_a_zoom_is_that_of_keras_layer() -> None:
    layer = keras.layers.RandomZoom(0.2, fill_mode="constant")
    matrices, shifts = drawn(Augmentation(zoom=0.2))
    zooms = matrices[:, :1, 0]
    moved = moved_by(layer, {"height_zoom": zooms, "width_zoom": zooms, "input_shape": (*IMAGES.shape, 1)})
    assert [zooms.min(), zooms.max()] == pytest.approx([0.8, 1.2], rel=0.05)
    assert resampled(IMAGES, matrices, shifts) == pytest.approx(moved, abs=1e-5)


def test_a_rotation_is_that_of_keras_layer() -> None:
    layer = keras.layers.RandomRotation(0.05, fill_mode="constant")
    transformation = layer.get_random_transformation(IMAGES[..., np.newaxis], seed=1)
    angles = np.deg2rad(np.asarray(transformation["angle"]))
    turns = np.array([[np.cos(angles), np.sin(angles)], [-np.sin(angles), np.cos(angles)]]).transpose(2, 0, 1)
    moved = moved_by(layer, transformation)
    assert resampled(IMAGES, turns, np.zeros((len(IMAGES), 2), np.float32)) == pytest.approx(moved, abs=1e-5)
    own = np.arctan2(*drawn(Augmentation(rotation=0.05))[0][:, 0, ::-1].T)
    assert [own.min(), own.max()] == pytest.approx([-np.pi / 10, np.pi / 10], rel=0.05)


def test_several_movements_are_those_layers_after_one_another_but_for_one_interpolation() -> None:
    smooth = np.zeros((len(IMAGES), *SIDES), np.float32)
    smooth[:, 8:20, 6:14] = np.hanning(14)[1:-1, np.newaxis] * np.hanning(10)[1:-1]
    together = drawn(ALL)
    alone = (drawn(one) for one in (Augmentation(0.1), Augmentation(rotation=0.05), Augmentation(zoom=0.2)))
    one_after_another = smooth
    for matrices, shifts in alone:
        one_after_another = resampled(one_after_another, matrices, shifts)
    assert resampled(smooth, *together) == pytest.approx(one_after_another, abs=0.1)
    assert np.abs(smooth - one_after_another).max() > 0.5


@pytest.mark.parametrize("shape", [(*SIDES, 1), (SIDES[0] * SIDES[1],)])
def test_images_differ_by_seed_and_epoch_and_never_by_more(shape: tuple[int, ...]) -> None:
    arrays = Arrays((IMAGES.reshape(-1, *shape), np.zeros(60, np.uint8)), None, None, image_shape=SIDES)  # type: ignore[arg-type]
    images = EpochImages(arrays, ALL)
    moved = {(seed, epoch): images.of(seed, epoch) for seed in (0, 1) for epoch in (0, 1)}
    assert len({inputs.tobytes() for inputs in moved.values()}) == 4
    assert all(inputs.shape == (60, *shape) and inputs.dtype == np.float32 for inputs in moved.values())
    assert np.array_equal(moved[1, 0], EpochImages(arrays, ALL).of(1, 0))
    assert EpochImages(arrays, Augmentation()).of(0, 0) is arrays.train[0]
