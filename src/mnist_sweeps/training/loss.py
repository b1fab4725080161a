"""The loss that a network is compiled with: one of Keras's, of digits instead of one-hot labels."""

from __future__ import annotations

from typing import Any

import keras

from mnist_sweeps.config.allowed import CROSSENTROPY
from mnist_sweeps.config.schema import Training


def loss_of(training: Training) -> keras.losses.Loss:
    """Keras's loss of probabilities [n, classes] and digits [n].

    Args:
        training: Its `loss`, and `label_smoothing`: the share of each label that is spread evenly over all classes.
    """
    if training.loss == CROSSENTROPY and not training.label_smoothing:
        return keras.losses.SparseCategoricalCrossentropy()
    if training.label_smoothing:
        return LOSSES[training.loss](label_smoothing=training.label_smoothing)
    return LOSSES[training.loss]()


class OneHotLabels:
    """Makes a loss of one-hot labels, which it stands before, one of digits."""

    def call(self, y_true: Any, y_pred: Any) -> Any:
        """The loss of each image [n]; the labels come as floats [n] or [n, 1]."""
        digits = keras.ops.cast(keras.ops.reshape(y_true, (-1,)), "int32")
        return super().call(keras.ops.one_hot(digits, y_pred.shape[-1]), y_pred)  # type: ignore[misc]


class SmoothedCrossentropy(OneHotLabels, keras.losses.CategoricalCrossentropy):
    """`CategoricalCrossentropy(label_smoothing=)` of digits."""


class FocalCrossentropy(OneHotLabels, keras.losses.CategoricalFocalCrossentropy):
    """`CategoricalFocalCrossentropy()` of digits."""


class SquaredError(OneHotLabels, keras.losses.MeanSquaredError):
    """`MeanSquaredError()` of probabilities and one-hot digits: a tenth of the Brier score."""


class Hinge(OneHotLabels, keras.losses.CategoricalHinge):
    """`CategoricalHinge()` of digits."""


LOSSES = {
    CROSSENTROPY: SmoothedCrossentropy,
    "categorical_focal_crossentropy": FocalCrossentropy,
    "mean_squared_error": SquaredError,
    "categorical_hinge": Hinge,
}
