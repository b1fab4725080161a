"""The loop over epochs, for engines that run each epoch as one program; calls Keras's callbacks as `fit` does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from mnist_sweeps.training.permutation import permutation

Train = Callable[[int, NDArray[np.int32]], Mapping[str, Any]]  # epoch, order of its images -> loss, accuracy, val_...
Validate = Callable[[], Mapping[str, Any]]  # -> val_loss, val_accuracy
Callbacks = list[keras.callbacks.Callback]


def run_epochs(
    model: keras.Model,
    seed: int,
    epochs: range,
    images: int,
    callbacks: Callbacks,
    train: Train,
    validate: Validate | None = None,
) -> dict[str, list[float]]:
    """The history: each metric's value after each epoch, by metric name.

    Args:
        model: The compiled network; a callback sets its `stop_training` to end early.
        seed: Seed of the order of the training images.
        epochs: The epochs, from 0, which a callback may end early.
        images: Number of training images.
        callbacks: Called as in `fit`.
        train: Trains one epoch (from 0) on the images in the given order, int32 [images], and returns its logs.
        validate: Returns the validation logs, between `on_test_begin` and `on_test_end`; None when `train` includes
            them.
    """
    callback_list = keras.callbacks.CallbackList(callbacks, add_history=True, model=model)
    model.stop_training = False
    callback_list.on_train_begin()
    for epoch in epochs:
        callback_list.on_epoch_begin(epoch)
        logs = dict(train(epoch, permutation(seed, epoch, images).astype(np.int32)))
        if validate is not None:
            callback_list.on_test_begin()
            logs |= validate()
            callback_list.on_test_end()
        callback_list.on_epoch_end(epoch, {key: float(value) for key, value in logs.items()})
        if model.stop_training:
            break
    callback_list.on_train_end()
    return dict(model.history.history)
