"""Files made in the format of each data set, with fewer images."""

import gzip
import struct
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from numpy.typing import NDArray

from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.data import family, family_files, sources

NAMES = tuple(family.FAMILY)
IMAGES, LABELS = "images-idx3-ubyte", "labels-idx1-ubyte"
FILES = {
    "fashion_mnist": [f"{part}-{kind}" for part in ("train", "t10k") for kind in (IMAGES, LABELS)],
    "emnist_digits": [f"emnist-digits-{part}-{kind}" for part in ("train", "test") for kind in (IMAGES, LABELS)],
    "emnist_letters": [f"emnist-letters-{part}-{kind}" for part in ("train", "test") for kind in (IMAGES, LABELS)],
    "qmnist": [f"qmnist-{part}-{kind}" for part in ("train", "test") for kind in (IMAGES, "labels-idx2-int")],
}
FILES["kmnist"] = FILES["fashion_mnist"]


def as_idx(array: NDArray[Any]) -> bytes:
    kind = 8 if array.dtype == np.uint8 else 12
    values = array if kind == 8 else array.astype(">i4")
    return struct.pack(f">BBBB{array.ndim}I", 0, 0, kind, array.ndim, *array.shape) + values.tobytes()


@pytest.fixture(params=NAMES)
def name(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Each data set, with two training images and one test image per class."""
    member = family.FAMILY[request.param]
    few = replace(member, counts=(2 * len(member.classes), len(member.classes)))
    monkeypatch.setitem(family.FAMILY, request.param, few)
    return str(request.param)


def arrays(name: str) -> list[NDArray[Any]]:
    """Training images and labels, test images and labels, as the files have them."""
    member, made = family.FAMILY[name], []
    for count in member.counts:
        images = np.random.default_rng(count).integers(0, 256, (count, 28, 28)).astype(np.uint8)
        labels = (np.arange(count) % len(member.classes) + member.first_label).astype(np.uint8)
        made += [images, labels]
    if name == "qmnist":
        made[1::2] = [np.stack([labels, *[np.full(len(labels), 900)] * 7], 1).astype(np.int32) for labels in made[1::2]]
    return made


def write(folder: Path, name: str, pack: bool) -> Path:
    folder.mkdir(exist_ok=True)
    for file, array in zip(FILES[name], arrays(name), strict=True):
        content = as_idx(array)
        (folder / (f"{file}.gz" if pack else file)).write_bytes(gzip.compress(content) if pack else content)
    return folder


@pytest.mark.parametrize("pack", [True, False], ids=["gz", "plain"])
def test_a_folder_of_idx_files_is_read(name: str, pack: bool, tmp_path: Path) -> None:
    train, test, classes, digest = sources.read(name, str(write(tmp_path / "files", name, pack)))
    member, given = family.FAMILY[name], arrays(name)
    turned = given[0].swapaxes(1, 2) if member.transposed else given[0]
    assert np.array_equal(train.images, turned)
    assert train.labels.tolist() == [*range(len(member.classes))] * 2
    assert test.labels.tolist() == [*range(len(member.classes))]
    assert (classes, digest) == (member.classes, sources.digest(name, str(tmp_path / "files")))


def test_the_digest_is_that_of_the_content(name: str, tmp_path: Path) -> None:
    packed, plain = (write(tmp_path / kind, name, kind == "packed") for kind in ("packed", "plain"))
    before = sources.digest(name, str(packed))
    assert before == sources.digest(name, str(plain))
    file = plain / FILES[name][0]
    content = bytearray(file.read_bytes())
    content[-1] ^= 1
    (tmp_path / "other").mkdir()
    for each in plain.iterdir():
        (tmp_path / "other" / each.name).write_bytes(bytes(content) if each == file else each.read_bytes())
    assert sources.digest(name, str(tmp_path / "other")) != before


def test_a_zip_like_that_of_emnist_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for kind in ("emnist_digits", "emnist_letters"):
        member = family.FAMILY[kind]
        monkeypatch.setitem(family.FAMILY, kind, replace(member, counts=(2 * len(member.classes), len(member.classes))))
    with zipfile.ZipFile(tmp_path / "gzip.zip", "w") as archive:
        for kind in ("emnist_digits", "emnist_letters"):
            for file, array in zip(FILES[kind], arrays(kind), strict=True):
                archive.writestr(f"gzip/{file}.gz", gzip.compress(as_idx(array)))
    train, _, classes, _ = sources.read("emnist_letters", str(tmp_path / "gzip.zip"))
    assert (len(train.labels), classes[:3]) == (52, ("A", "B", "C"))


def test_an_npz_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(family.FAMILY, "kmnist", replace(family.FAMILY["kmnist"], counts=(20, 10)))
    keys = ("x_train", "y_train", "x_test", "y_test")
    np.savez(tmp_path / "kmnist.npz", **dict(zip(keys, arrays("kmnist"), strict=True)))  # type: ignore[arg-type]
    train, _, classes, _ = sources.read("kmnist", str(tmp_path / "kmnist.npz"))
    assert np.array_equal(train.images, arrays("kmnist")[0])
    assert classes[0] == "o"


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda given: given[:3], "expected 10 test images of 28 x 28 and their labels"),
        (lambda given: [given[0][:19], *given[1:]], "expected 20 train images"),
        (lambda given: [given[0], np.zeros(20, np.uint8), *given[2:]], "labels are those of another data set"),
        (lambda given: [given[0], given[1] + 1, *given[2:]], "labels are those of another data set"),
    ],
    ids=["no test labels", "fewer images", "one class", "labels from 1"],
)
def test_other_files_are_refused(spoil: Any, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(family.FAMILY, "fashion_mnist", replace(family.FAMILY["fashion_mnist"], counts=(20, 10)))
    for file, array in zip(FILES["fashion_mnist"], spoil(arrays("fashion_mnist")), strict=False):
        (tmp_path / file).write_bytes(as_idx(array))
    with pytest.raises(ConfigError, match=f"not readable as fashion_mnist.*{reason}.*data.path"):
        sources.read("fashion_mnist", str(tmp_path))


def test_the_users_own_cache_of_keras_is_found(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MNIST_SWEEPS_KERAS_HOME", str(tmp_path))
    monkeypatch.setattr(family_files, "KERAS_HOME", tmp_path / "ours")
    assert not sources.is_local(name)
    folder = tmp_path / "datasets" / family.FAMILY[name].cache
    folder.mkdir(parents=True)
    for file in family.FAMILY[name].files:
        (folder / file).touch()
    assert sources.is_local(name)
    assert family_files.find(name, None) == folder


def test_a_download_is_verified_and_kept_in_our_cache(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MNIST_SWEEPS_KERAS_HOME", str(tmp_path))
    monkeypatch.setattr(family_files, "KERAS_HOME", tmp_path / "ours")
    asked: dict[str, dict[str, Any]] = {}

    def get_file(file: str, origin: str, **keywords: Any) -> str:
        asked[origin] = keywords
        return str(Path(keywords["cache_dir"], keywords["cache_subdir"], file))

    monkeypatch.setattr(keras.utils, "get_file", get_file)
    member = family.FAMILY[name]
    assert family_files.find(name, None) == tmp_path / "ours" / "datasets" / member.cache
    assert [of["file_hash"] for of in asked.values()] == list(member.files.values())
    assert list(asked) == [f"{member.url}{file}" for file in member.files]


def test_without_a_network_the_ways_out_are_named(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MNIST_SWEEPS_KERAS_HOME", str(tmp_path))
    monkeypatch.setattr(family_files, "KERAS_HOME", tmp_path / "ours")

    def get_file(*_: Any, **__: Any) -> None:
        raise Exception("URL fetch failure")  # as Keras does

    monkeypatch.setattr(keras.utils, "get_file", get_file)
    with pytest.raises(
        ConfigError, match=rf"data={name}: .* download failed \(URL fetch failure\); give the .*data\.path"
    ):
        sources.read(name)


def test_a_path_that_does_not_exist_is_refused(name: str) -> None:
    with pytest.raises(ConfigError, match=r"data\.path=nowhere: no such file or folder; give"):
        sources.read(name, "nowhere")
