"""The loop over epochs, for engines that train each as one program; Keras's callbacks see them as in `fit`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from mnist_sweeps.training.permutation import permutation

Train = Callable[[NDArray[np.int32]], Mapping[str, Any]]  # the order of an epoch's images -> loss, accuracy, val_...
Validate = Callable[[], Mapping[str, Any]]  # -> val_loss, val_accuracy
Callbacks = list[keras.callbacks.Callback]


def run_epochs(
    model: keras.Sequential,
    seed: int,
    epochs: int,
    images: int,
    callbacks: Callbacks,
    train: Train,
    validate: Validate | None = None,
) -> dict[str, list[float]]:
    """The history of at most `epochs` epochs, each trained by `train` in the order of (seed, epoch).

    `validate` scores the validation images where callbacks must act before and after it; else `train` has scored them.
    """
    told = keras.callbacks.CallbackList(callbacks, add_history=True, model=model)
    model.stop_training = False
    told.on_train_begin()
    for epoch in range(epochs):
        told.on_epoch_begin(epoch)
        logs = dict(train(permutation(seed, epoch, images).astype(np.int32)))
        if validate is not None:
            told.on_test_begin()
            logs |= validate()
            told.on_test_end()
        told.on_epoch_end(epoch, {key: float(value) for key, value in logs.items()})
        if model.stop_training:
            break
    told.on_train_end()
    return dict(model.history.history)
