"""The files of a data set of MNIST's family: found or downloaded, then read.

There is no declared digest of their arrays: files are verified by format, shape, and images per class, downloads by the
md5 of each packed file (as torchvision.datasets declares it). The digest of the content that was read goes into the
digest of each run.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.data.family import FAMILY, FamilyFiles
from mnist_sweeps.data.idx import idx_array, idx_content, is_idx, unpacked
from mnist_sweeps.data.mnist import Digits
from mnist_sweeps.data.mnist_files import UNREADABLE, npz_arrays
from mnist_sweeps.runtime.numerics import KERAS_HOME, users_keras_home

SIDE = 28


def find(name: str, path: str | None) -> Path:
    """The file or folder with a data set: `data.path`, a cache of Keras, or a download into ours.

    Args:
        name: A key of `FAMILY`.
        path: `data.path`; None for a cache or the download.

    Raises:
        ConfigError: It is nowhere, and cannot be downloaded.
    """
    if path is None:
        return cached(name) or _download(name)
    if not Path(path).expanduser().exists():
        raise ConfigError(f"data.path={path}: no such file or folder; {_ways_out(name)}")
    return Path(path).expanduser()


def cached(name: str) -> Path | None:
    """The folder in which the user's own Keras, or ours, has all files of a data set; None without one."""
    member = FAMILY[name]
    folders = [home / "datasets" / member.cache for home in (users_keras_home(), KERAS_HOME)]
    return next((folder for folder in folders if all((folder / file).exists() for file in member.files)), None)


def read(name: str, source: Path) -> tuple[Digits, Digits]:
    """The training and test images of a data set, verified by shape and by images per class.

    Args:
        name: A key of `FAMILY`.
        source: An npz, a zip of IDX files, or a folder with npz or IDX files, gzip-compressed or not.

    Raises:
        ConfigError: A file cannot be read, or holds something else.
    """
    member = FAMILY[name]
    try:
        arrays = list(_arrays(source, member))
        train, test = (_part(arrays, part, member) for part in ("train", "test"))
    except UNREADABLE as error:
        reason = " ".join(str(error).split()) or type(error).__name__
        raise ConfigError(f"data.path={source}: not readable as {name} ({reason}); {_ways_out(name)}") from error
    return train, test


def _ways_out(name: str) -> str:
    where = "the zip, or a folder with its IDX files" if name.startswith("emnist") else "the folder of its IDX files"
    return f"give {where} with data.path=..., or connect to a network once so that it can be downloaded"


def _download(name: str) -> Path:
    import keras

    member = FAMILY[name]
    try:
        for file, md5 in member.files.items():
            fetched = keras.utils.get_file(
                file, f"{member.url}{file}", file_hash=md5, hash_algorithm="md5",
                cache_dir=str(KERAS_HOME), cache_subdir=f"datasets/{member.cache}",
            )  # fmt: skip
    except Exception as error:  # Keras raises a plain Exception without a network
        raise ConfigError(
            f"data={name}: it is not on this machine, and the download failed ({error}); {_ways_out(name)}"
        ) from error
    return Path(fetched).parent


def _arrays(source: Path, member: FamilyFiles) -> Iterator[tuple[str, NDArray[Any]]]:
    """All arrays in the source that may be the member's, with names that tell the part."""
    largest = member.counts[0] * SIDE * SIDE + 16
    if source.is_dir():
        files = [file for file in sorted(source.rglob("*")) if file.is_file() and _fits(file.name, member)]
        for file in files:
            yield from _of_file(file, member, largest)
    else:
        yield from _of_file(source, member, largest)


def _fits(name: str, member: FamilyFiles) -> bool:
    return member.hint in name.lower()


def _of_file(file: Path, member: FamilyFiles, largest: int) -> Iterator[tuple[str, NDArray[Any]]]:
    if zipfile.is_zipfile(file):
        with zipfile.ZipFile(file) as archive:
            names = [name for name in archive.namelist() if not name.endswith((".npy", "/"))]
            for name in filter(lambda name: _fits(name, member), names):
                with archive.open(name) as opened:
                    unzipped = unpacked(opened.read(2 * largest), largest)
                if is_idx(unzipped[:3]):
                    yield name.rpartition("/")[2], idx_array(name, unzipped)
        if not names:
            yield from ((f"{file.stem} {key}", array) for key, array in npz_arrays(file))
    elif (content := idx_content(file, largest)) is not None:
        yield file.name, idx_array(file.name, content)


def _part(arrays: list[tuple[str, NDArray[Any]]], part: str, member: FamilyFiles) -> Digits:
    """Images and labels of `train` or `test`, which the names tell: `t10k` is test, too."""
    count = member.counts[part == "test"]
    names = ("test", "t10k") if part == "test" else ("train",)
    of_part = [(name, array) for name, array in arrays if any(word in name.lower() for word in names)]
    images = [array for _, array in of_part if array.size == count * SIDE * SIDE]
    labels = [array for _, array in of_part if len(array) == count and array.size < count * SIDE]
    if len(images) != 1 or len(labels) != 1:
        found = ", ".join(f"{name} {list(array.shape)}" for name, array in of_part) or "no such arrays"
        raise ValueError(f"expected {count:,} {part} images of {SIDE} x {SIDE} and their labels, found {found}")
    numbers = labels[0].reshape(count, -1)[:, 0].astype(np.int64) - member.first_label  # of QMNIST's 8 the first
    per_class = np.bincount(numbers, minlength=len(member.classes)) if numbers.min() >= 0 else np.zeros(0)
    if len(per_class) != len(member.classes) or (member.balanced and len(set(per_class)) != 1):
        raise ValueError(f"the {part} labels are those of another data set: {per_class.tolist()} images per class")
    pixels = images[0].reshape(count, SIDE, SIDE).astype(np.uint8, copy=False)
    if member.transposed:
        pixels = np.ascontiguousarray(pixels.swapaxes(1, 2))
    return Digits(pixels, numbers.astype(np.uint8))
