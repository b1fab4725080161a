"""Which data sets there are: each is read, known by the digest of its content, and has names for its classes."""

from __future__ import annotations

from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from threading import Lock, Thread
from typing import NamedTuple

from mnist_sweeps.config.errors import ConfigError, nearest
from mnist_sweeps.data import family, family_files, mnist, own, small_digits
from mnist_sweeps.data.mnist import DIGIT_NAMES, Digits

NAMES = (*mnist.DIGESTS, "digits", *family.FAMILY, "own")
SHIPPED = ("mnist5k", "digits")  # in packages that this one needs
READING = Lock()


class DataSet(NamedTuple):
    """Training and test images, the names of the classes in the order of their labels, the digest of the content."""

    train: Digits
    test: Digits
    classes: tuple[str, ...]
    digest: str


def read(name: str, path: str | None = None) -> DataSet:
    """A data set, verified.

    Args:
        name: One of `NAMES`.
        path: `data.path`: the file or folder; None for where it usually is.

    Raises:
        ConfigError: no such data set, no file, or a damaged or different one.
    """
    _check(name, path)
    if name in mnist.DIGESTS:
        return DataSet(*mnist.read(name, path), DIGIT_NAMES, mnist.digest(name))
    with READING:
        return _read(name, *mnist.stamped(_find(name, path)))


def digest(name: str, path: str | None = None) -> str:
    """The digest of a data set's content: declared where the content is known, else of what is read.

    Args:
        name: One of `NAMES`.
        path: As for `read`.

    Raises:
        ConfigError: As `read` does, for a data set without a declared digest.
    """
    _check(name, path)
    if name in mnist.DIGESTS:
        return mnist.digest(name)
    return small_digits.DIGEST if name == "digits" else _digest(name, *mnist.stamped(_find(name, path)))


def is_local(name: str, path: str | None = None) -> bool:
    """Whether `read` needs no download.

    Args:
        name: One of `NAMES`.
        path: As for `read`.
    """
    if name in family.FAMILY:
        return path is not None or family_files.cached(name) is not None
    return name != "mnist" or mnist.is_local(name, path)


def ahead(name: str, path: str | None = None) -> None:
    """Starts to read in a thread what `read` will return: 0.3 s for the full MNIST, during the import of Keras.

    What cannot be read is left to `read`, and a download, too.

    Args:
        name: One of `NAMES`.
        path: As for `read`.
    """

    def quietly() -> None:
        with suppress(ConfigError):
            read(name, path)

    if is_local(name, path):
        Thread(target=quietly, daemon=True).start()


def _check(name: str, path: str | None) -> None:
    if name not in NAMES:
        raise ConfigError(f"data.name={name}: {nearest(name, list(NAMES))}")
    if path is not None and name in SHIPPED:
        raise ConfigError(
            f"data.path={path}: {name} ships with the package; choose data=mnist to read a file, or data=own for yours"
        )


def _find(name: str, path: str | None) -> Path:
    if name == "digits":
        return small_digits.file()
    return own.find(path) if name == "own" else family_files.find(name, path)


@lru_cache(maxsize=1)  # the jobs of a worker read the same file
def _read(name: str, file: Path, changed: tuple[float, ...]) -> DataSet:
    if name == "own":
        train, test, classes = own.read(file)
    elif name == "digits":
        train, test, classes = *small_digits.read(file), DIGIT_NAMES
    else:
        train, test, classes = *family_files.read(name, file), family.FAMILY[name].classes
    for array in (*train, *test):
        array.setflags(write=False)  # they are shared
    return DataSet(train, test, classes, mnist.content_digest(train, test))


@lru_cache(maxsize=32)
def _digest(name: str, file: Path, changed: tuple[float, ...]) -> str:
    with READING:
        return _read(name, file, changed).digest
