"""MNIST in the forms in which people have it."""

import gzip
import hashlib
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from mnist_sweeps.data import mnist_files
from mnist_sweeps.data.mnist_files import read_arrays, why_different

KEYS = ("x_train", "y_train", "x_test", "y_test")
NAMES = ("train-images", "train-labels", "t10k-images", "t10k-labels")
Arrays = dict[str, NDArray[np.uint8]]


@pytest.fixture(scope="module")
def arrays() -> Arrays:
    """A data set of MNIST's shapes; all black but for one pixel an image."""
    made: Arrays = {}
    for part, count in (("train", 60_000), ("test", 10_000)):
        images = np.zeros((count, 28, 28), np.uint8)
        images[:, 14, 14] = np.arange(count) % 251
        made |= {f"x_{part}": images, f"y_{part}": (np.arange(count) % 10).astype(np.uint8)}
    return made


def idx(array: NDArray[np.uint8]) -> bytes:
    return struct.pack(f">BBBB{array.ndim}I", 0, 0, 8, array.ndim, *array.shape) + array.tobytes()


def equal(found: list[NDArray[np.uint8]], arrays: Arrays) -> bool:
    return all(np.array_equal(array, arrays[key]) for key, array in zip(KEYS, found, strict=True))


@pytest.mark.parametrize(
    ("name", "folder", "pack"),
    [
        pytest.param("{}-idx{}-ubyte", ".", False, id="as published"),
        pytest.param("{}-idx{}-ubyte.gz", ".", True, id="compressed"),
        pytest.param("{}.idx{}-ubyte", ".", False, id="named with a dot"),
        pytest.param("{}-idx{}-ubyte", ".", True, id="compressed, without .gz"),
        pytest.param("{}-idx{}-ubyte", "MNIST/raw", False, id="torchvision's folder"),
        pytest.param("{}-idx{}-ubyte", "raw", False, id="torchvision's inner folder"),
        pytest.param("{}{}", ".", True, id="any name"),
    ],
)
def test_idx_files_are_known_by_content(tmp_path: Path, arrays: Arrays, name: str, folder: str, pack: bool) -> None:
    (tmp_path / folder).mkdir(parents=True, exist_ok=True)
    (tmp_path / folder / "README.txt").write_text("not an IDX file")
    for stem, key in zip(NAMES, KEYS, strict=True):
        content = idx(arrays[key])
        path = tmp_path / folder / name.format(stem, arrays[key].ndim)
        path.write_bytes(gzip.compress(content, 1) if pack else content)
    assert equal(read_arrays(tmp_path), arrays)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda arrays: dict(zip(("train_images", "train_labels", "test_images", "test_labels"),
                                             arrays.values(), strict=True)), id="other keys"),
        pytest.param(lambda arrays: {key: array.reshape(len(array), -1) for key, array in arrays.items()}, id="flat"),
        pytest.param(lambda arrays: {key: array[..., None] for key, array in arrays.items()}, id="one channel"),
        pytest.param(lambda arrays: {key: array.astype(np.float32) for key, array in arrays.items()}, id="floats"),
        pytest.param(lambda arrays: {**arrays, "again": arrays["y_test"], "more": np.zeros(3)}, id="more arrays"),
    ],
)  # fmt: skip
def test_arrays_of_an_npz_are_known_by_shape(
    tmp_path: Path, arrays: Arrays, change: Callable[[Arrays], dict[str, Any]]
) -> None:
    np.savez(tmp_path / "mnist.npz", **change(arrays))
    assert equal(read_arrays(tmp_path / "mnist.npz"), arrays)


def test_an_idx_file_that_is_cut_short_is_named(tmp_path: Path, arrays: Arrays) -> None:
    (tmp_path / "labels").write_bytes(idx(arrays["y_test"])[:-1])
    with pytest.raises(ValueError, match="labels: 9,999 values, expected 10000"):
        read_arrays(tmp_path)


def test_another_order_is_recognised(arrays: Arrays, monkeypatch: pytest.MonkeyPatch) -> None:
    images, labels = arrays["x_test"], arrays["y_test"]
    hashes = sorted(
        hashlib.blake2b(i.tobytes() + bytes([n]), digest_size=8).digest() for i, n in zip(images, labels, strict=True)
    )
    monkeypatch.setitem(mnist_files.IN_ANY_ORDER, "test", hashlib.md5(b"".join(hashes)).hexdigest())
    order = np.random.default_rng(0).permutation(len(labels))

    def md5(array: NDArray[np.uint8]) -> str:
        return hashlib.md5(array.tobytes()).hexdigest()

    shuffled, reason = images[order], "these are MNIST's images in another order"
    assert why_different(shuffled, labels[order], "test", md5(images), md5) == reason
    assert why_different(shuffled, labels, "test", md5(images), md5) is None
