"""The order of the training images: ours, so that no Keras version can change it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def permutation(seed: int, epoch: int, n: int) -> NDArray[np.intp]:
    """The order of the n training images in an epoch (from 0) of the run of a seed."""
    return np.random.default_rng([seed, epoch]).permutation(n)
