import keras
import numpy as np
import pytest

from mnist_sweeps.config.allowed import LOSSES
from mnist_sweeps.config.schema import Training
from mnist_sweeps.training.loss import loss_of

PROBABILITIES = np.array([[0.55] + [0.05] * 9, [0.1] * 10], np.float32)
DIGITS = np.array([0, 7], np.uint8)


@pytest.mark.parametrize("shape", [(2,), (2, 1)])
def test_a_smoothed_label_has_its_share_and_a_tenth_of_the_rest(shape: tuple[int, ...]) -> None:
    smoothed = np.eye(10)[DIGITS] * 0.8 + 0.02
    expected = -(smoothed * np.log(PROBABILITIES)).sum(axis=1).mean()
    assert float(loss_of(Training(label_smoothing=0.2))(DIGITS.reshape(shape), PROBABILITIES)) == pytest.approx(
        expected, rel=1e-6
    )


def test_without_smoothing_it_is_keras_sparse_crossentropy() -> None:
    assert type(loss_of(Training())) is keras.losses.SparseCategoricalCrossentropy


@pytest.mark.parametrize("name", LOSSES)
@pytest.mark.parametrize("shape", [(2,), (2, 1)])
def test_a_loss_of_digits_is_keras_loss_of_one_hot_labels(name: str, shape: tuple[int, ...]) -> None:
    expected = keras.losses.get(name)(np.eye(10, dtype=np.float32)[DIGITS], PROBABILITIES)
    found = loss_of(Training(loss=name))(DIGITS.reshape(shape), PROBABILITIES)
    assert float(found) == pytest.approx(float(np.mean(keras.ops.convert_to_numpy(expected))), rel=1e-6)
