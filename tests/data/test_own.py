import gzip
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from tests.data.test_family_files import as_idx

from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.data import sources

IMAGES = np.random.default_rng(0).integers(0, 256, (36, 9, 7)).astype(np.uint8)
LABELS = np.arange(36).astype(np.uint8) % 3
TRAIN, TEST = slice(0, 24), slice(24, 36)
NAMES = ["ant", "bee", "cat"]


def pictures(folder: Path, images: NDArray[np.uint8], labels: NDArray[np.uint8]) -> None:
    for number, (image, label) in enumerate(zip(images, labels, strict=True)):
        file = folder / NAMES[label] / f"{number:02}.png"
        file.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(image).save(file)


def table(file: Path, images: NDArray[np.uint8], labels: Any, heading: bool) -> None:
    lines = [[label, *image.ravel()] for image, label in zip(images, labels, strict=True)]
    names = [["label", *(f"pixel{k}" for k in range(images[0].size))]] if heading else []
    file.write_text("\n".join(",".join(map(str, line)) for line in [*names, *lines]) + "\n")


def npz(path: Path) -> Path:
    x, y = {"train": TRAIN, "test": TEST}, {}
    for part, of in x.items():
        y |= {f"x_{part}": IMAGES[of], f"y_{part}": LABELS[of]}
    np.savez(path / "mine.npz", **y, classes=np.array(NAMES))
    return path / "mine.npz"


def idx(path: Path) -> Path:
    for part, of in {"train": TRAIN, "t10k": TEST}.items():
        (path / f"{part}-images").write_bytes(as_idx(IMAGES[of]))
        (path / f"{part}-labels.gz").write_bytes(gzip.compress(as_idx(LABELS[of])))
    return path


def folders(path: Path) -> Path:
    for part, of in {"train": TRAIN, "test": TEST}.items():
        pictures(path / part, IMAGES[of], LABELS[of])
    return path


@pytest.mark.parametrize(("make", "classes"), [(npz, NAMES), (idx, ["0", "1", "2"]), (folders, NAMES)])
def test_every_form_gives_the_same_images(make: Callable[[Path], Path], classes: list[str], tmp_path: Path) -> None:
    train, test, names, _ = sources.read("own", str(make(tmp_path)))
    assert names == tuple(classes)
    for part, of in ((train, TRAIN), (test, TEST)):
        order = np.lexsort([np.arange(len(LABELS[of])), LABELS[of]]) if make is folders else np.arange(len(LABELS[of]))
        assert np.array_equal(part.images, IMAGES[of][order])
        assert np.array_equal(part.labels, LABELS[of][order])


@pytest.mark.parametrize("heading", [True, False])
def test_tables_are_read_with_and_without_names_of_columns(heading: bool, tmp_path: Path) -> None:
    square = IMAGES[:, :7]
    for part, of in {"train": TRAIN, "test": TEST}.items():
        table(tmp_path / f"{part}.csv", square[of], [NAMES[label] for label in LABELS[of]], heading)
    train, test, names, _ = sources.read("own", str(tmp_path))
    assert names == tuple(NAMES)
    assert np.array_equal(train.images, square[TRAIN])
    assert np.array_equal(test.labels, LABELS[TEST])


def test_without_test_images_every_sixth_of_a_class_is_one(tmp_path: Path) -> None:
    pictures(tmp_path, IMAGES, LABELS)
    train, test, *_ = sources.read("own", str(tmp_path))
    assert (len(train.labels), np.bincount(test.labels).tolist()) == (30, [2, 2, 2])
    assert np.array_equal(test.images[:1], IMAGES[LABELS == 0][5:6])


def test_labels_need_not_count_from_0(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", images=IMAGES, labels=LABELS * 5 - 3.0 + 10)
    train, _, names, _ = sources.read("own", str(tmp_path / "a.npz"))
    assert names == ("7.0", "12.0", "17.0")
    assert set(train.labels) == {0, 1, 2}


def test_the_digest_is_that_of_the_content(tmp_path: Path) -> None:
    (tmp_path / "idx").mkdir()
    one, other = npz(tmp_path), idx(tmp_path / "idx")
    assert sources.digest("own", str(one)) == sources.digest("own", str(other))
    np.savez(tmp_path / "b.npz", images=255 - IMAGES, labels=LABELS)
    assert sources.digest("own", str(tmp_path / "b.npz")) != sources.digest("own", str(one))


def save(path: Path, **arrays: Any) -> Path:
    np.savez(path / "a.npz", **arrays)
    return path / "a.npz"


def text(path: Path) -> Path:
    (path / "a.txt").write_text("no images")
    return path / "a.txt"


def odd_sizes(path: Path) -> Path:
    pictures(path, IMAGES, LABELS)
    Image.fromarray(IMAGES[0].T).save(path / "ant" / "odd.png")
    return path


def too_large(path: Path) -> Path:
    pictures(path, np.zeros((2, 3, 65), np.uint8), LABELS[:2])
    return path


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (text, "expected training images and their labels, found no arrays"),
        (lambda path: save(path, images=IMAGES), "expected training images and their labels, found images"),
        (lambda path: save(path, images=IMAGES[:3], labels=LABELS), "one label each"),
        (lambda path: save(path, images=IMAGES, labels=np.zeros(36, int)), "expected 2 to 100 classes, found 1"),
        (lambda path: save(path, images=np.zeros((202, 2, 2), np.uint8), labels=np.arange(202) // 2), "found 101"),
        (lambda path: save(path, images=IMAGES / 255, labels=LABELS), "expected 0 to 255, unscaled"),
        (lambda path: save(path, images=np.zeros((36, 65, 3), np.uint8), labels=LABELS), "images of 65 x 3"),
        (lambda path: save(path, images=IMAGES[:3], labels=LABELS[:3]), "no test images, and no class has 6"),
        (
            lambda path: save(path, x_train=IMAGES[:8], y_train=LABELS[:8] % 2, x_test=IMAGES, y_test=LABELS),
            "no training images of class 2",
        ),
        (
            lambda path: save(path, x_train=IMAGES, y_train=LABELS, x_test=IMAGES[:, 1:], y_test=LABELS),
            "images of different sizes: 9 x 7 and 8 x 7",
        ),
        (lambda path: save(path, images=IMAGES, labels=LABELS, names=np.array(["a"])), "1 names of classes"),
        (odd_sizes, "images of different sizes: 00.png and odd.png"),
        (too_large, "00.png: 3 x 65, expected 64 x 64 at most"),
    ],
)  # fmt: skip
def test_what_cannot_be_trained_on_is_refused(make: Callable[[Path], Path], reason: str, tmp_path: Path) -> None:
    source = make(tmp_path)
    with pytest.raises(ConfigError, match=reason) as raised:
        sources.read("own", str(source))
    assert str(raised.value).startswith(f"data.path={source}: ")


def test_a_path_is_needed() -> None:
    with pytest.raises(ConfigError, match=r"data\.path=null: data=own needs an npz, a CSV"):
        sources.read("own")
