"""The 1,797 digits of 8 x 8 pixels that ship with scikit-learn: a second real data set that needs no network.

They are the test part of the Optical Recognition of Handwritten Digits of the UCI repository, in the order of its file.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import numpy as np

from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.data.mnist import DIGIT_NAMES, Digits, content_digest

DIGEST = "bdca7680abb7409892bffa99b7149ecb"  # of the arrays, as `mnist.content_digest` makes it
TEST = 36  # the last images of each class, a fifth of them
BRIGHTEST = 16  # its pixels go from 0 to 16


def file() -> Path:
    """The file in scikit-learn's folder."""
    spec = find_spec("sklearn")  # its own loader imports half of scikit-learn
    if spec is None or spec.origin is None:
        raise ConfigError("data=digits: the package scikit-learn, which carries these digits, is not installed")
    return Path(spec.origin).parent / "datasets" / "data" / "digits.csv.gz"


def read(source: Path) -> tuple[Digits, Digits]:
    """1,437 training and 360 test digits, pixels scaled to 0 to 255; the last 36 of each class are for testing.

    Raises:
        ConfigError: The file is not the one that scikit-learn has shipped so far.
    """
    table = np.loadtxt(source, delimiter=",")
    images = np.rint(table[:, :-1] * (255 / BRIGHTEST)).astype(np.uint8).reshape(-1, 8, 8)
    labels = table[:, -1].astype(np.uint8)
    test = np.sort(np.concatenate([np.flatnonzero(labels == digit)[-TEST:] for digit in range(len(DIGIT_NAMES))]))
    train = np.setdiff1d(np.arange(len(labels)), test)
    parts = Digits(images[train], labels[train]), Digits(images[test], labels[test])
    if content_digest(*parts) != DIGEST:
        raise ConfigError(f"data=digits: {source} does not hold the digits of scikit-learn (wrong digest)")
    return parts
