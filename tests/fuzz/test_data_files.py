"""Whatever lies where MNIST should, it is MNIST to the last bit, or refused in words."""

import tempfile
import warnings
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from tests.fuzz import data_files
from tests.fuzz.data_files import ARRAYS
from tests.fuzz.examples import effort, efforts

from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.data import mnist, mnist_files

STRATEGY = data_files.sources


def check(_: object, source: bytes | dict[str, bytes]) -> None:
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(mnist_files, "COUNTS", data_files.COUNTS)
        patch.setitem(mnist.DIGESTS, "mnist", tuple(mnist._idx_md5(array) for array in ARRAYS.values()))
        path = Path(folder) / "mnist.npz"
        if isinstance(source, bytes):
            path.write_bytes(source)
        else:
            for name, content in source.items():
                (path / name).parent.mkdir(parents=True, exist_ok=True)
                (path / name).write_bytes(content)
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            try:
                train, test = mnist.read("mnist", str(path))
            except ConfigError as error:
                assert str(error).startswith(f"data.path={path}: ") and str(error).isprintable(), str(error)
                return
    for array, (name, expected) in zip((*train, *test), ARRAYS.items(), strict=True):
        assert array.dtype == np.uint8, name
        np.testing.assert_array_equal(array, expected)


@efforts
def test_any_file_is_mnist_or_refused(examples: int) -> None:
    effort(examples)(given(STRATEGY)(lambda source: check(None, source)))()
