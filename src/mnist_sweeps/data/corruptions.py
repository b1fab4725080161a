"""Corrupted copies of test images, in the manner of MNIST-C (Mu and Gilmer 2019, arXiv:1906.02337).

The random numbers depend on the kind of corruption alone: all runs, variants and sweeps with the same test images see
the same corrupted ones.
"""

from __future__ import annotations

from collections.abc import Callable
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from mnist_sweeps.config.allowed import CORRUPTIONS

Images = NDArray[np.uint8]  # [n, height, width]
ANGLE = 30.0  # degrees, the largest either way
SHIFT = 1 / 7  # of the side, the largest either way: 4 pixels of 28
NOISE = 64.0  # standard deviation, of pixels from 0 to 255
BLUR = 1.5 / 28  # standard deviation, of the side
CONTRAST = 0.3  # of the distance from the image's mean


def corrupt(images: Images, kind: str) -> Images:
    """The images, corrupted.

    Args:
        images: uint8 [n, height, width].
        kind: A key of `KINDS`.
    """
    return KINDS[kind](images, np.random.default_rng(crc32(kind.encode())))


def _rotated(images: Images, random: np.random.Generator) -> Images:
    """Each by a different angle about its middle, uniform from -30 to 30 degrees."""
    angles = np.deg2rad(random.uniform(-ANGLE, ANGLE, len(images)))
    turns = np.stack([[np.cos(angles), -np.sin(angles)], [np.sin(angles), np.cos(angles)]]).transpose(2, 0, 1)
    return _moved(images, turns, np.zeros((len(images), 2)))


def _translated(images: Images, random: np.random.Generator) -> Images:
    """Each shifted down and right by a seventh of the side at most, either way, with parts of pixels."""
    shifts = random.uniform(-SHIFT, SHIFT, (len(images), 2)) * images.shape[1:]
    return _moved(images, np.broadcast_to(np.eye(2), (len(images), 2, 2)), shifts)


def _moved(images: Images, matrices: NDArray[np.float64], shifts: NDArray[np.float64]) -> Images:
    """Bilinear, dark outside: pixel `p` of the result is that at `matrix @ (p - middle) + middle - shift`."""
    from scipy.ndimage import affine_transform  # 0.2 s that most sweeps do not need

    middle = (np.array(images.shape[1:]) - 1) / 2
    moved = np.empty_like(images)
    for place, (image, matrix, shift) in enumerate(zip(images, matrices, shifts, strict=True)):
        affine_transform(image, matrix, middle - matrix @ middle - shift, output=moved[place], order=1)
    return moved


def _noisy(images: Images, random: np.random.Generator) -> Images:
    noise = random.normal(0, NOISE, images.shape).astype(np.float32)
    return _bytes(images + noise)


def _blurred(images: Images, random: np.random.Generator) -> Images:
    from scipy.ndimage import gaussian_filter

    sides = images.shape[1:]
    return _bytes(gaussian_filter(images.astype(np.float32), (0, *(BLUR * side for side in sides))))


def _low_contrast(images: Images, random: np.random.Generator) -> Images:
    means = images.mean(axis=(1, 2), keepdims=True, dtype=np.float32)
    return _bytes(means + CONTRAST * (images - means))


def _bytes(pixels: NDArray[np.float32]) -> Images:
    return pixels.round().clip(0, 255).astype(np.uint8)


KINDS: dict[str, Callable[[Images, np.random.Generator], Images]] = dict(
    zip(CORRUPTIONS, (_rotated, _translated, _noisy, _blurred, _low_contrast), strict=True)
)
