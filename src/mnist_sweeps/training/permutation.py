"""The order of the training images, drawn by NumPy so that it does not depend on the Keras version."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def permutation(seed: int, epoch: int, n: int) -> NDArray[np.intp]:
    """The order of the training images in one epoch: a permutation of 0 to n - 1.

    Args:
        seed: Seed of the run.
        epoch: Epoch, from 0.
        n: Number of training images.
    """
    return np.random.default_rng([seed, epoch]).permutation(n)
