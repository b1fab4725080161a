"""The loss that a network is compiled with: Keras's crossentropy of digits, with smoothed labels where asked for."""

from __future__ import annotations

from typing import Any

import keras


def crossentropy(label_smoothing: float) -> keras.losses.Loss:
    """Keras's loss of probabilities [n, 10] and digits [n].

    Args:
        label_smoothing: The share of each label that is spread evenly over all ten digits; 0 for none.
    """
    if label_smoothing:
        return SmoothedCrossentropy(label_smoothing=label_smoothing)
    return keras.losses.SparseCategoricalCrossentropy()


class SmoothedCrossentropy(keras.losses.CategoricalCrossentropy):
    """`CategoricalCrossentropy(label_smoothing=)` of digits: Keras's own takes one-hot labels only."""

    def call(self, y_true: Any, y_pred: Any) -> Any:
        """The loss of each image [n]; the labels come as floats [n] or [n, 1]."""
        digits = keras.ops.cast(keras.ops.reshape(y_true, (-1,)), "int32")
        return super().call(keras.ops.one_hot(digits, y_pred.shape[-1]), y_pred)
