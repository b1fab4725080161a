"""What watches a training: its times and its end, through Keras's callbacks."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from mnist_sweeps.config.schema import EarlyStopping

OnEpoch = Callable[[int, Mapping[str, float]], None]


class Watch(keras.callbacks.Callback):
    """Times each epoch, reports it, and stops where the loss is not finite."""

    def __init__(self, on_epoch: OnEpoch, share: float) -> None:
        """`share` is the part of an epoch's time that is this training's."""
        super().__init__()
        self.on_epoch, self.share = on_epoch, share
        self.seconds: list[float] = []
        self.diverged_at: int | None = None

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        """Starts the epoch's time."""
        self.began = time.perf_counter()

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """Keeps the time and passes the logs on."""
        self.seconds.append(round((time.perf_counter() - self.began) * self.share, 4))
        self.on_epoch(epoch + 1, logs)
        if not math.isfinite(logs["loss"]):
            self.diverged_at = epoch + 1
            self.model.stop_training = True


class Floor(keras.callbacks.Callback):
    """Ends a training whose best validation accuracy so far is below what its epoch must reach (`training.floor`)."""

    def __init__(self, floor: Sequence[float]) -> None:
        super().__init__()
        self.floor, self.best = floor, 0.0
        self.pruned_at: int | None = None  # the epoch, from 1

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """Compares, and stops the training."""
        self.best = max(self.best, logs["val_accuracy"])
        if epoch < len(self.floor) and self.best < self.floor[epoch]:
            self.pruned_at = epoch + 1
            self.model.stop_training = True


class AverageWeights(keras.callbacks.Callback):
    """Puts the averages of an optimizer with `use_ema` in place of the weights wherever these are scored or kept.

    Keras's `fit` alone does so after the last epoch only, so that validation scores and the weights that early stopping
    restores would be those of the raw weights. `keras.callbacks.SwapEMAWeights` exchanges the two and loses the
    averages where a training stops early.
    """

    raw: list[Any] | None = None  # the weights that training goes on with, while the averages are in their place

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        """Training goes on with the raw weights."""
        self._put_raw_back()

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """What early stopping keeps, and what is left in the end, are the averages."""
        self._put_averages()

    def on_test_begin(self, logs: Any = None) -> None:
        """Validation scores the averages."""
        self._put_averages()

    def on_test_end(self, logs: Any = None) -> None:
        """The epoch has not ended yet."""
        self._put_raw_back()

    def _put_averages(self) -> None:
        variables = self.model.trainable_variables
        self.raw = [_copy(variable) for variable in variables]
        for variable, average in zip(variables, self.model.optimizer._model_variables_moving_average, strict=True):
            if average is not None:
                variable.assign(_copy(average))

    def _put_raw_back(self) -> None:
        if self.raw is not None:
            for variable, value in zip(self.model.trainable_variables, self.raw, strict=True):
                variable.assign(value)
            self.raw = None


def _copy(variable: Any) -> NDArray[Any]:
    """The values in memory of their own: `fit` on JAX gives the buffers of its variables away at each step."""
    return np.array(keras.ops.convert_to_numpy(variable), copy=True)


def stopping(setting: EarlyStopping) -> list[keras.callbacks.EarlyStopping]:
    """Keras's callback that a setting asks for, in a list; none where early stopping is off."""
    if setting.patience is None:
        return []
    keywords = {"mode": "max" if "accuracy" in setting.monitor else "min", "restore_best_weights": setting.restore_best}
    return [keras.callbacks.EarlyStopping(setting.monitor, setting.min_delta, setting.patience, **keywords)]


def best_epoch(history: Mapping[str, list[float]]) -> int | None:
    """The first epoch (from 1) with the highest validation accuracy."""
    values = history.get("val_accuracy")
    return int(np.argmax(values)) + 1 if values else None
