from pathlib import Path

import numpy as np
import pytest
from sklearn.datasets import load_digits

from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.data import small_digits, sources


def test_the_digits_of_scikit_learn_are_cut_into_train_and_test() -> None:
    train, test, classes, digest = sources.read("digits")
    assert (train.images.shape, test.images.shape) == ((1437, 8, 8), (360, 8, 8))
    assert np.bincount(test.labels).tolist() == [36] * 10
    assert (classes, digest) == (tuple("0123456789"), small_digits.DIGEST)
    theirs = load_digits()
    shown = np.sort(np.concatenate([part.images.sum(axis=(1, 2), dtype=int) for part in (train, test)]))
    assert np.array_equal(shown, np.sort(np.rint(theirs.images * 255 / 16).astype(int).sum(axis=(1, 2))))


def test_the_test_digits_are_the_last_of_each_class() -> None:
    _, test, *_ = sources.read("digits")
    theirs = load_digits()
    last = np.flatnonzero(theirs.target == 3)[-36:]
    assert np.array_equal(test.images[test.labels == 3], np.rint(theirs.images[last] * 255 / 16).astype(np.uint8))


def test_another_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "digits.csv"
    table = np.loadtxt(small_digits.file(), delimiter=",")
    table[5, 5] += 1
    np.savetxt(path, table, "%d", delimiter=",")
    with pytest.raises(ConfigError, match="does not hold the digits of scikit-learn"):
        small_digits.read(path)
