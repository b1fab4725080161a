"""Training images that are moved anew in each epoch, as Keras's random layers do it.

Drawn and moved by NumPy before the epoch, so that all backends and engines see the same images, and no network, trained
or exported, holds a layer for it. One bilinear interpolation instead of one for each layer keeps the strokes sharper.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from mnist_sweeps.config.schema import Augmentation
from mnist_sweeps.training.inputs import Arrays

CHUNK = 50  # images that are moved at a time: their positions stay in a core's cache


class EpochImages:
    """The inputs of the training images in each epoch: the same in all of them, or moved where there is augmentation.

    Args:
        arrays: Its training inputs, where augmented pixels [n, height, width, 1] or flattened.
        setting: The largest movements.
    """

    def __init__(self, arrays: Arrays, setting: Augmentation) -> None:
        self.inputs, self.setting, self.image_shape = arrays.train[0], setting, arrays.image_shape
        self.change = setting.is_on  # from epoch to epoch

    def of(self, seed: int, epoch: int) -> NDArray[np.float32]:
        """The inputs of an epoch, in the order and shape of the arrays'.

        Args:
            seed: Seed of the run.
            epoch: Epoch, from 0.
        """
        if not self.change:
            return self.inputs
        images = self.inputs.reshape(-1, *self.image_shape)
        random = np.random.default_rng([seed, epoch, 1])  # without the 1: the order of the images
        matrices, shifts = movements(self.setting, len(images), self.image_shape, random)
        moved = np.empty_like(images)
        for part in _chunks(len(images)):
            moved[part] = resampled(images[part], matrices[part], shifts[part])
        return moved.reshape(self.inputs.shape)


def _chunks(count: int) -> Iterator[slice]:
    return (slice(start, start + CHUNK) for start in range(0, count, CHUNK))


def movements(
    setting: Augmentation, count: int, shape: tuple[int, ...], random: np.random.Generator
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Matrices [count, 2, 2] and shifts [count, 2] (rows, columns; pixels) of RandomTranslation, RandomRotation and
    RandomZoom after one another.

    Args:
        setting: Their factors: each is drawn uniformly from minus to plus the factor.
        count: Number of images.
        shape: Height and width of an image.
        random: What draws the numbers; a factor of 0 draws as many as others.
    """
    drawn = random.uniform(-1, 1, (4, count)).astype(np.float32)
    shifts = drawn[:2].T * np.float32(setting.translation) * np.array(shape, np.float32)
    angles, zooms = drawn[2] * np.float32(2 * np.pi * setting.rotation), 1 + drawn[3] * np.float32(setting.zoom)
    turns = np.stack([[np.cos(angles), np.sin(angles)], [-np.sin(angles), np.cos(angles)]])
    return (turns * zooms).transpose(2, 0, 1), shifts


def resampled(
    images: NDArray[np.float32], matrices: NDArray[np.float32], shifts: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Images [n, height, width] whose pixel `p` is that at `matrix @ (p - middle) + middle - shift`; dark outside.

    Bilinear: the same as `keras.ops.image.affine_transform` with `fill_mode="constant"`, and faster on a CPU (20 us an
    image of 28 x 28 on one core; on JAX 42 us).

    Args:
        images: [n, height, width].
        matrices: [n, 2, 2], of rows and columns.
        shifts: [n, 2], rows and columns, in pixels.
    """
    count, height, width = images.shape
    middle = (np.array([height, width], np.float32) - 1) / 2
    away = np.indices((height, width), np.float32).reshape(2, -1) - middle[:, np.newaxis]
    rows, columns = (matrices @ away + (middle - shifts)[:, :, np.newaxis] + 1).transpose(1, 0, 2)  # 1: of the margin
    rows, columns = rows.clip(0, height + 1), columns.clip(0, width + 1)
    above, left = np.minimum(rows.astype(np.int32), height), np.minimum(columns.astype(np.int32), width)
    down, right = rows - above, columns - left

    pixels = np.pad(images, ((0, 0), (1, 1), (1, 1)))  # a dark margin, in which all pixels outside end
    first = np.arange(count, dtype=np.int32)[:, np.newaxis] * np.int32((height + 2) * (width + 2))
    places = first + above * np.int32(width + 2) + left
    pixels = pixels.ravel()
    upper, lower = (pixels[at] + (pixels[at + 1] - pixels[at]) * right for at in (places, places + np.int32(width + 2)))
    mixed: NDArray[np.float32] = (upper + (lower - upper) * down).reshape(images.shape).astype(images.dtype)
    return mixed
