"""The forms in which people have their own images: arrays, a table, or pictures in folders."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from mnist_sweeps.data.idx import idx_array, idx_content
from mnist_sweeps.data.mnist_files import npz_arrays

LARGEST_SIDE = 64
LARGEST = 1 << 30  # bytes of an IDX file: 262,144 images of 64 x 64
FOR_TESTING = ("test", "t10k")  # in the name of a file, folder or array
CLASSES = ("classes", "class_names", "names")  # keys of an npz that hold the names of the classes
LABEL = ("label", "class", "target", "y")  # names of the column with the labels; else it is the first
PICTURES = {".png", ".bmp", ".gif", ".tif", ".tiff", ".jpg", ".jpeg", ".webp", ".pgm"}


class Labelled(NamedTuple):
    """Images [n, height, width], [n, height, width, 1] or [n, pixels], their labels [n], and names of the classes."""

    images: NDArray[Any]
    labels: NDArray[Any]
    classes: tuple[str, ...] | None = None


def read(source: Path) -> tuple[Labelled, Labelled | None]:
    """The images for training, and those for testing where there are any.

    Args:
        source: An npz, a CSV (gzip-compressed or not), or a folder of IDX files, npz files, CSVs, or folders of
            pictures.

    Raises:
        ValueError: It holds no images, or several arrays for one purpose.
    """
    if not source.is_dir():
        return _tables([source]) if _is_table(source) else _arrays(_of_file(source))
    files = [file for file in sorted(source.iterdir()) if file.is_file()]
    if tables := [file for file in files if _is_table(file)]:
        return _tables(tables)
    if any(folder.is_dir() for folder in source.iterdir()):
        return _pictures(source)
    return _arrays(named for file in files for named in _of_file(file))


def _for_testing(name: str) -> bool:
    return any(word in name.lower() for word in FOR_TESTING)


def _is_table(file: Path) -> bool:
    return file.name.lower().removesuffix(".gz").endswith(".csv")


def _of_file(file: Path) -> Iterator[tuple[str, NDArray[Any]]]:
    if (content := idx_content(file, LARGEST)) is not None:
        yield file.name, idx_array(file.name, content)
    elif file.suffix == ".npz":
        yield from npz_arrays(file)


def _arrays(named: Iterator[tuple[str, NDArray[Any]]]) -> tuple[Labelled, Labelled | None]:
    arrays = dict(named)
    names = next((arrays.pop(key) for key in list(arrays) if key.lower() in CLASSES), None)
    classes = None if names is None else tuple(map(str, names.ravel()))
    test = {name: array for name, array in arrays.items() if _for_testing(name)}
    train = {name: array for name, array in arrays.items() if name not in test}
    return _pair(train, "training", classes), _pair(test, "test", classes) if test else None


def _pair(arrays: dict[str, NDArray[Any]], part: str, classes: tuple[str, ...] | None) -> Labelled:
    """The images, which have more numbers than the labels."""
    found = ", ".join(f"{name} {list(array.shape)}" for name, array in arrays.items()) or "no arrays"
    if len(arrays) != 2:
        raise ValueError(f"expected {part} images and their labels, found {found}")
    labels, images = sorted(arrays.values(), key=lambda array: array.size)
    if images.ndim < 2 or labels.size != len(labels) or len(images) != len(labels):
        raise ValueError(f"expected {part} images and one label each, found {found}")
    return Labelled(images, labels.ravel(), classes)


def _tables(files: list[Path]) -> tuple[Labelled, Labelled | None]:
    test = [file for file in files if _for_testing(file.name)]
    train = [file for file in files if file not in test]
    if len(train) != 1 or len(test) > 1:
        raise ValueError(f"expected one CSV, or train.csv and test.csv, found {', '.join(file.name for file in files)}")
    return _table(train[0]), _table(test[0]) if test else None


def _table(file: Path) -> Labelled:
    """A line per image: its label, and its pixels row by row; with or without a line of names."""
    import pandas as pd  # 0.2 s that arrays do not need

    first = pd.read_csv(file, header=None, nrows=1, dtype=str)
    has_names = not str(first.iloc[0, -1]).replace(".", "", 1).isdigit()
    table = pd.read_csv(file, header=0 if has_names else None)
    columns = list(table.columns)
    label = next((column for column in columns if str(column).lower() in LABEL), columns[0])
    return Labelled(table.drop(columns=label).to_numpy(), table[label].to_numpy())


def _pictures(folder: Path) -> tuple[Labelled, Labelled | None]:
    """Folders of classes, or folders of those with and without `test` in their name."""
    folders = [below for below in sorted(folder.iterdir()) if below.is_dir()]
    deeper = [below for below in folders if any(inside.is_dir() for inside in below.iterdir())]
    if not deeper:
        return _classes(folder), None
    test = [below for below in deeper if _for_testing(below.name)]
    train = [below for below in deeper if below not in test]
    if len(train) != 1 or len(test) > 1:
        raise ValueError(f"expected folders train and test, found {', '.join(below.name for below in deeper)}")
    return _classes(train[0]), _classes(test[0]) if test else None


def _classes(folder: Path) -> Labelled:
    """The pictures of a folder with one folder per class, whose name is that of the class."""
    files = [
        file
        for below in sorted(folder.iterdir()) if below.is_dir()
        for file in sorted(below.iterdir()) if file.suffix.lower() in PICTURES
    ]  # fmt: skip
    if not files:
        raise ValueError(f"no pictures in the folders of {folder.name}")
    pixels = [_pixels(file) for file in files]
    if odd := next((file for file, each in zip(files, pixels, strict=True) if each.shape != pixels[0].shape), None):
        raise ValueError(f"images of different sizes: {files[0].name} and {odd.name}")
    return Labelled(np.stack(pixels), np.array([file.parent.name for file in files]))


def _pixels(file: Path) -> NDArray[np.uint8]:
    with Image.open(file) as picture:
        if max(picture.size) > LARGEST_SIDE:  # before it is decompressed
            width, height = picture.size
            raise ValueError(f"{file.name}: {height} x {width}, expected {LARGEST_SIDE} x {LARGEST_SIDE} at most")
        return np.asarray(picture.convert("L"))
