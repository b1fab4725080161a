"""Files that hold MNIST, in the forms in which people have it; arrays are recognised by their shape, files by content.

An npz under any keys; a folder with the four IDX files under any names, gzip-compressed or not, also as torchvision
keeps them (`MNIST/raw/`); images [n, 28, 28], [n, 28, 28, 1] or [n, 784], labels [n] or [n, 1].
"""

from __future__ import annotations

import hashlib
import lzma
import struct
import tokenize
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mnist_sweeps.data.idx import idx_array, idx_content

COUNTS = {"training": 60_000, "test": 10_000}
FOLDERS = (".", "raw", "MNIST/raw")  # below the given one: itself, and torchvision's
LARGEST = 60_000 * 784 + 16  # bytes of an IDX file of MNIST
# md5 of the sorted 8-byte BLAKE2b hashes of all (image, label): the same in any order of the images.
IN_ANY_ORDER = {"training": "5f2dd659f8d76b4de09752ec0b3b7c92", "test": "1f1e5403915215bd9593c8cd62f5b812"}

Array = NDArray[np.uint8]
Named = tuple[str, NDArray[Any]]


# What reading a file of another kind, a damaged or a hostile one raises: NumPy and zipfile pass on whatever they meet.
UNREADABLE = (
    OSError, ValueError, TypeError, KeyError, EOFError, RuntimeError, MemoryError, OverflowError, SyntaxError,
    tokenize.TokenError, struct.error, zlib.error, lzma.LZMAError, zipfile.BadZipFile,
)  # fmt: skip


def read_arrays(source: Path) -> list[Array]:
    """Training images uint8 [60000, 28, 28] and labels uint8 [60000], test images and labels of 10,000.

    Raises:
        ValueError: an array is missing, or there are two different ones for the same purpose.
        One of UNREADABLE: a file cannot be read.
    """
    arrays = list(_folder(source) if source.is_dir() else npz_arrays(source))
    return [_only(arrays, part, kind) for part in COUNTS for kind in ("images", "labels")]


def why_different(images: Array, labels: Array, part: str, images_md5: str, idx_md5: Any) -> str | None:
    """What was done to MNIST's arrays, where it can be recognised: another order, or inverted pixels.

    Args:
        images: uint8 [n, 28, 28].
        labels: uint8 [n].
        part: `training` or `test`.
        images_md5: The declared digest of the images.
        idx_md5: The function that gives the digest of an array.
    """
    if idx_md5(255 - images) == images_md5:
        return "these are MNIST's images, inverted (black on white)"
    rows = zip(images.reshape(len(images), -1), labels, strict=True)
    hashes = sorted(hashlib.blake2b(image.tobytes() + bytes([label]), digest_size=8).digest() for image, label in rows)
    if hashlib.md5(b"".join(hashes)).hexdigest() == IN_ANY_ORDER[part]:
        return "these are MNIST's images in another order"
    return None


def _only(arrays: list[Named], part: str, kind: str) -> Array:
    """The one array with this part's number of images or labels, as bytes."""
    count = COUNTS[part]
    shapes = [(count, 28, 28), (count, 28, 28, 1), (count, 784)] if kind == "images" else [(count,), (count, 1)]
    fitting = [(name, array) for name, array in arrays if array.shape in shapes]
    if not fitting:
        found = ", ".join(f"{name} {list(array.shape)}" for name, array in arrays) or "no arrays"
        size = " of 28 x 28" if kind == "images" else ""
        raise ValueError(f"no {count:,} {part} {kind}{size}; found {found}")
    candidates = [as_bytes(name, array, kind).reshape(shapes[0]) for name, array in fitting]
    if any(not np.array_equal(candidates[0], other) for other in candidates[1:]):
        raise ValueError(f"several different {part} {kind}: {', '.join(name for name, _ in fitting)}")
    return candidates[0]


def as_bytes(name: str, array: NDArray[Any], kind: str) -> Array:
    """The array as uint8, where its values are whole bytes already.

    Args:
        name: The array's, for messages.
        array: Numbers of any type.
        kind: `images` or `labels`.

    Raises:
        ValueError: It has other values, or images whose pixels lie between 0 and 1.
    """
    if array.dtype == np.uint8:
        return array
    if not np.issubdtype(array.dtype, np.number) or not np.isfinite(array).all():
        raise ValueError(f"{name}: expected numbers, not {array.dtype}")
    if kind == "images" and array.max() <= 1:
        raise ValueError(f"{name}: pixels lie between {array.min():g} and {array.max():g}; expected 0 to 255, unscaled")
    if array.min() < 0 or array.max() >= 256:
        raise ValueError(f"{name}: values lie between {array.min():g} and {array.max():g}; expected 0 to 255")
    return array.astype(np.uint8)


def npz_arrays(file: Path) -> Iterator[Named]:
    """The arrays of an npz with their keys; nothing in it is unpickled."""
    with file.open("rb") as opened, np.load(opened, allow_pickle=False) as archive:  # NumPy leaks a damaged file
        for key in archive.files:
            if isinstance(array := archive[key], np.ndarray):  # bytes, where a file in it is no array
                yield key, array


def _folder(folder: Path) -> Iterator[Named]:
    files = [file for below in FOLDERS for file in sorted((folder / below).glob("*")) if file.is_file()]
    for file in files:
        content = idx_content(file, LARGEST)
        if content is not None:
            yield file.name, idx_array(file.name, content)
