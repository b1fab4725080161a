"""A person's own grey images: any size up to 64 x 64, 2 to 100 classes.

They come as an npz, as a folder of IDX files, as a folder with one folder of pictures per class, or as a CSV with a
line per image. Arrays, files and folders with `test` (or `t10k`) in their name are for testing, all others for
training. Where nothing is for testing, every sixth image of each class is.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.data import own_files
from mnist_sweeps.data.mnist import Digits
from mnist_sweeps.data.mnist_files import UNREADABLE, as_bytes
from mnist_sweeps.data.own_files import LARGEST_SIDE, Labelled

MOST_CLASSES = 100
TEST_EVERY = 6  # without test images; MNIST itself has one in seven
FORMS = "an npz, a CSV, a folder of IDX files, or a folder with one folder of pictures per class"


class OwnImages(NamedTuple):
    """Training and test images, and the names of the classes in the order of their labels."""

    train: Digits
    test: Digits
    classes: tuple[str, ...]


def find(path: str | None) -> Path:
    """The file or folder of `data.path`.

    Raises:
        ConfigError: There is none.
    """
    if path is None:
        raise ConfigError(f"data.path=null: data=own needs {FORMS}: data.path=FILE")
    if not Path(path).expanduser().exists():
        raise ConfigError(f"data.path={path}: no such file or folder; data=own needs {FORMS}")
    return Path(path).expanduser()


def read(source: Path) -> OwnImages:
    """The images of a file or folder.

    Raises:
        ConfigError: It cannot be read, has images of several or too large sizes, or too few or many classes.
    """
    try:
        train, test = own_files.read(source)
        return _checked(train, test)
    except UNREADABLE as error:
        reason = " ".join(str(error).split()) or type(error).__name__
        raise ConfigError(f"data.path={source}: {reason}; data=own needs {FORMS}") from error


def _checked(train: Labelled, test: Labelled | None) -> OwnImages:
    """With labels counted from 0; the classes are those of the training images, in the order of their labels."""
    labels = train.labels if test is None else np.concatenate([train.labels, test.labels])
    values = np.unique(labels)
    if not 2 <= len(values) <= MOST_CLASSES:
        raise ValueError(f"expected 2 to {MOST_CLASSES} classes, found {len(values)}")
    first = _numbered(train, values)
    first, other = _cut(first, len(values)) if test is None else (first, _numbered(test, values))
    if missing := np.setdiff1d(np.arange(len(values)), first.labels).tolist():
        raise ValueError(f"no training images of class {values[missing[0]]}")
    if first.images.shape[1:] != other.images.shape[1:]:
        raise ValueError(f"images of different sizes: {_size(first.images)} and {_size(other.images)}")
    if max(first.images.shape[1:]) > LARGEST_SIDE:
        raise ValueError(f"images of {_size(first.images)}, expected {LARGEST_SIDE} x {LARGEST_SIDE} at most")
    return OwnImages(first, other, _names(values, train.classes))


def _numbered(part: Labelled, values: NDArray[Any]) -> Digits:
    images = part.images[..., 0] if part.images.ndim == 4 and part.images.shape[-1] == 1 else part.images
    if images.ndim == 2 and (side := round(images.shape[1] ** 0.5)) ** 2 == images.shape[1]:
        images = images.reshape(-1, side, side)
    if images.ndim != 3 or len(images) != len(part.labels):
        raise ValueError(
            f"images of shape {list(part.images.shape)} for {len(part.labels):,} labels, expected [n, height, width]"
        )
    return Digits(as_bytes("images", images, "images"), np.searchsorted(values, part.labels).astype(np.uint8))


def _cut(images: Digits, classes: int) -> tuple[Digits, Digits]:
    """Training and test images: every sixth of each class is for testing."""
    places = [np.flatnonzero(images.labels == label)[TEST_EVERY - 1 :: TEST_EVERY] for label in range(classes)]
    test = np.sort(np.concatenate(places))
    if not len(test):
        raise ValueError(f"no test images, and no class has {TEST_EVERY} images to take one from")
    return images.take(np.setdiff1d(np.arange(len(images.labels)), test)), images.take(test)


def _names(values: NDArray[Any], given: tuple[str, ...] | None) -> tuple[str, ...]:
    """The names of the labels that occur; without names, the labels themselves."""
    if given is None:
        return tuple(str(value) for value in values)
    if not np.issubdtype(values.dtype, np.integer) or values.min() < 0 or values.max() >= len(given):
        raise ValueError(f"{len(given)} names of classes, but labels {values[0]} to {values[-1]}")
    return tuple(given[value] for value in values)


def _size(images: NDArray[Any]) -> str:
    return " x ".join(map(str, images.shape[1:]))
