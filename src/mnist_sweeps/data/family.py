"""The data sets of MNIST's family: images of 28 x 28 in the same files, of clothes, letters and other digits.

There is no declared digest of their arrays: files are verified by format, shape, and images per class, downloads by the
md5 of each packed file (as torchvision.datasets declares it). The digest of the content that was read goes into the
digest of each run.
"""

from __future__ import annotations

import string
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.data.idx import idx_array, idx_content, is_idx, unpacked
from mnist_sweeps.data.mnist import DIGIT_NAMES, Digits
from mnist_sweeps.data.mnist_files import UNREADABLE, npz_arrays
from mnist_sweeps.runtime.numerics import KERAS_HOME, users_keras_home

SIDE = 28


@dataclass(frozen=True)
class FamilyFiles:
    """A data set of the family.

    `counts` are the numbers of training and test images, `balanced` says whether all classes have equally many.
    `first_label` is the label of the first class in its files, `transposed` whether they hold rows as columns. `hint`
    is a part of the file names where one folder holds several data sets. `url` is the folder of its `files`, each with
    the md5 of the packed file; `cache` is where Keras keeps them, below `datasets/`.
    """

    classes: tuple[str, ...]
    counts: tuple[int, int]
    url: str
    files: dict[str, str]
    cache: str
    balanced: bool = True
    first_label: int = 0
    transposed: bool = False
    hint: str = ""


EMNIST: dict[str, Any] = {
    "url": "https://www.itl.nist.gov/iaui/vip/cs_links/EMNIST/",
    "files": {"gzip.zip": "58c8d27c78d21e728a6bc7b3cc06412e"},  # 536 MB with all its data sets
    "cache": "emnist",
    "transposed": True,
}
FAMILY = {
    "fashion_mnist": FamilyFiles(
        (
            "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat",
            "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot",
        ),
        (60_000, 10_000),
        "https://storage.googleapis.com/tensorflow/tf-keras-datasets/",
        {
            "train-images-idx3-ubyte.gz": "8d4fb7e6c68d591d4c3dfef9ec88bf0d",
            "train-labels-idx1-ubyte.gz": "25c81989df183df01b3e8a0aad5dffbe",
            "t10k-images-idx3-ubyte.gz": "bef4ecab320f06d8554ea6380940ec79",
            "t10k-labels-idx1-ubyte.gz": "bb300cfdad3c16e7a12a480ee83cd310",
        },
        "fashion-mnist",
    ),
    "kmnist": FamilyFiles(
        ("o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo"),
        (60_000, 10_000),
        "http://codh.rois.ac.jp/kmnist/dataset/kmnist/",
        {
            "train-images-idx3-ubyte.gz": "bdb82020997e1d708af4cf47b453dcf7",
            "train-labels-idx1-ubyte.gz": "e144d726b3acfaa3e44228e80efcd344",
            "t10k-images-idx3-ubyte.gz": "5c965bf0a639b31b8f53240b1b52f4d7",
            "t10k-labels-idx1-ubyte.gz": "7320c461ea6c1c855c0b718fb2a4b134",
        },
        "kmnist",
    ),
    "emnist_digits": FamilyFiles(DIGIT_NAMES, (240_000, 40_000), hint="emnist-digits", **EMNIST),
    "emnist_letters": FamilyFiles(
        tuple(string.ascii_uppercase), (124_800, 20_800), hint="emnist-letters", first_label=1, **EMNIST
    ),
    "qmnist": FamilyFiles(
        DIGIT_NAMES,
        (60_000, 60_000),
        "https://raw.githubusercontent.com/facebookresearch/qmnist/master/",
        {
            "qmnist-train-images-idx3-ubyte.gz": "ed72d4157d28c017586c42bc6afe6370",
            "qmnist-train-labels-idx2-int.gz": "0058f8dd561b90ffdd0f734c6a30e5e4",
            "qmnist-test-images-idx3-ubyte.gz": "1394631089c404de565df7b7aeaf9412",
            "qmnist-test-labels-idx2-int.gz": "5b5b05890a5e13444e108efe57b788aa",
        },
        "qmnist",
        balanced=False,
        hint="qmnist",
    ),
}  # fmt: skip


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
