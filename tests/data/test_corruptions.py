import numpy as np
import pytest

from mnist_sweeps.config.allowed import CORRUPTIONS
from mnist_sweeps.data.corruptions import KINDS, corrupt
from mnist_sweeps.data.mnist import Digits


def test_each_kind_that_a_person_may_write_is_there() -> None:
    assert tuple(KINDS) == CORRUPTIONS


@pytest.mark.parametrize("kind", CORRUPTIONS)
def test_the_same_images_are_corrupted_in_the_same_way(kind: str, mnist5k: tuple[Digits, Digits]) -> None:
    images = mnist5k[1].images[:20]
    once = corrupt(images, kind)
    assert np.array_equal(once, corrupt(images, kind))
    assert (once.shape, once.dtype) == (images.shape, np.uint8)
    assert all(not np.array_equal(one, other) for one, other in zip(once, images, strict=True))


def test_a_rotation_keeps_the_middle_and_turns_the_rest() -> None:
    image = np.zeros((200, 29, 29), np.uint8)
    image[:, 14, :] = 255  # a horizontal line
    turned = corrupt(image, "rotated")
    assert (turned[:, 14, 14] > 200).all()
    rows = turned[:, :, 24].argmax(axis=1) - 14  # 10 pixels right of the middle
    angles = np.rad2deg(np.arctan(rows / 10))
    assert -33 < angles.min() < -20 and 20 < angles.max() < 33


def test_a_translation_moves_by_a_seventh_of_the_side_at_most() -> None:
    image = np.zeros((200, 28, 14), np.uint8)
    image[:, 14, 7] = 255
    moved = corrupt(image, "translated")
    rows, columns = (moved.max(axis=axis).argmax(axis=1) - middle for axis, middle in ((2, 14), (1, 7)))
    assert set(rows) == {*range(-4, 5)}
    assert set(columns) == {*range(-2, 3)}


def test_low_contrast_keeps_the_mean_and_noise_the_range() -> None:
    images = np.random.default_rng(0).integers(60, 190, (5, 20, 20)).astype(np.uint8)
    paler = corrupt(images, "low_contrast").astype(float)
    assert np.allclose(paler.mean(axis=(1, 2)), images.mean(axis=(1, 2)), atol=0.5)
    assert paler.std() == pytest.approx(0.3 * images.std(), rel=0.1)
    assert corrupt(images, "noisy").astype(float).std() > 1.3 * images.std()
    assert corrupt(images, "blurred").astype(float).std() < 0.6 * images.std()
