"""The order of the training images depends on seed and epoch, and never changes."""

from __future__ import annotations

import numpy as np

from mnist_sweeps.training.permutation import permutation


def test_every_image_occurs_once() -> None:
    assert sorted(permutation(0, 0, 10)) == list(range(10))


def test_seed_and_epoch_determine_the_order() -> None:
    order = permutation(1, 2, 100)
    assert np.array_equal(order, permutation(1, 2, 100))
    assert not np.array_equal(order, permutation(1, 3, 100))
    assert not np.array_equal(order, permutation(2, 2, 100))
