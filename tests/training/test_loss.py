import keras
import numpy as np
import pytest

from mnist_sweeps.training.loss import crossentropy

PROBABILITIES = np.array([[0.55] + [0.05] * 9, [0.1] * 10], np.float32)
DIGITS = np.array([0, 7], np.uint8)


@pytest.mark.parametrize("shape", [(2,), (2, 1)])
def test_a_smoothed_label_has_its_share_and_a_tenth_of_the_rest(shape: tuple[int, ...]) -> None:
    smoothed = np.eye(10)[DIGITS] * 0.8 + 0.02
    expected = -(smoothed * np.log(PROBABILITIES)).sum(axis=1).mean()
    assert float(crossentropy(0.2)(DIGITS.reshape(shape), PROBABILITIES)) == pytest.approx(expected, rel=1e-6)


def test_without_smoothing_it_is_keras_sparse_crossentropy() -> None:
    assert type(crossentropy(0.0)) is keras.losses.SparseCategoricalCrossentropy
