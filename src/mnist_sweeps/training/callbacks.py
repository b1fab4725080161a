"""Keras callbacks that record epochs, prune, average weights, and stop early."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from mnist_sweeps.config.schema import EarlyStopping, ReduceOnPlateau
from mnist_sweeps.models.loss_scaling import unscaled

OnEpoch = Callable[[int, Mapping[str, float]], None]


class EpochRecorder(keras.callbacks.Callback):
    """Records the time of each epoch, reports its logs, and stops training when the loss is not finite.

    Args:
        on_epoch: Called as `on_epoch(epoch, logs)` after each epoch; epochs count from 1.
        share: The part of an epoch's wall time that counts for this run, from 0 to 1.
    """

    def __init__(self, on_epoch: OnEpoch, share: float) -> None:
        super().__init__()
        self.on_epoch, self.share = on_epoch, share
        self.seconds: list[float] = []
        self.diverged_at: int | None = None

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        """Starts the clock."""
        self.start_time = time.perf_counter()

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """Records the seconds and reports the logs."""
        self.seconds.append(round((time.perf_counter() - self.start_time) * self.share, 4))
        self.on_epoch(epoch + 1, logs)
        if not math.isfinite(logs["loss"]):
            self.diverged_at = epoch + 1
            self.model.stop_training = True


class PruningThreshold(keras.callbacks.Callback):
    """Stops training when the best validation accuracy is below the threshold of the epoch (`training.floor`)."""

    def __init__(self, thresholds: Sequence[float]) -> None:
        super().__init__()
        self.thresholds, self.best = thresholds, 0.0
        self.pruned_at: int | None = None  # the epoch, from 1

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """Updates the best accuracy and compares it with the threshold."""
        self.best = max(self.best, logs["val_accuracy"])
        if epoch < len(self.thresholds) and self.best < self.thresholds[epoch]:
            self.pruned_at = epoch + 1
            self.model.stop_training = True


class TimeLimit(keras.callbacks.Callback):
    """Stops training after the epoch in which the seconds of all its epochs pass a limit (`training.time_limit`).

    Args:
        seconds: The limit.
        epochs: The planned number; one that ends with the last of them was not ended by its limit.
        recorder: It has the seconds of the epochs so far, those of an earlier part of the training included.
    """

    def __init__(self, seconds: float, epochs: int, recorder: EpochRecorder) -> None:
        super().__init__()
        self.seconds, self.epochs, self.recorder = seconds, epochs, recorder
        self.ended_at: int | None = None  # the epoch, from 1

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """Compares the seconds so far with the limit."""
        if sum(self.recorder.seconds) > self.seconds and epoch + 1 < self.epochs:
            self.ended_at = epoch + 1
            self.model.stop_training = True


class AverageWeights(keras.callbacks.Callback):
    """Swaps in the moving averages of an optimizer with `use_ema` whenever the weights are evaluated or saved.

    Keras's `fit` alone does so after the last epoch only, so that validation scores and the weights that early stopping
    restores would be those of the raw weights. `keras.callbacks.SwapEMAWeights` exchanges the two and loses the
    averages where a training stops early.
    """

    raw: list[Any] | None = None  # the weights to continue training with, while the averages are swapped in

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        """Restores the raw weights for training."""
        self._restore_raw()

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """Swaps in the averages, for early stopping and for the end of training."""
        self._swap_in_averages()

    def on_test_begin(self, logs: Any = None) -> None:
        """Swaps in the averages for validation."""
        self._swap_in_averages()

    def on_test_end(self, logs: Any = None) -> None:
        """Restores the raw weights after validation."""
        self._restore_raw()

    def _swap_in_averages(self) -> None:
        variables = self.model.trainable_variables
        self.raw = [_copy(variable) for variable in variables]
        for variable, average in zip(
            variables, unscaled(self.model.optimizer)._model_variables_moving_average, strict=True
        ):
            if average is not None:
                variable.assign(_copy(average))

    def _restore_raw(self) -> None:
        if self.raw is not None:
            for variable, value in zip(self.model.trainable_variables, self.raw, strict=True):
                variable.assign(value)
            self.raw = None


def _copy(variable: Any) -> NDArray[Any]:
    """A copy of the values: `fit` on JAX donates the buffers of its variables at each step."""
    return np.array(keras.ops.convert_to_numpy(variable), copy=True)


def stopping(setting: EarlyStopping) -> list[keras.callbacks.EarlyStopping]:
    """A list with the `EarlyStopping` callback of a setting; empty when early stopping is off."""
    if setting.patience is None:
        return []
    keywords = {
        "mode": "max" if "accuracy" in setting.monitor else "min",
        "restore_best_weights": setting.restore_best,
        "start_from_epoch": setting.start_from_epoch,
    }
    return [keras.callbacks.EarlyStopping(setting.monitor, setting.min_delta, setting.patience, **keywords)]


class LearningRateReducer(keras.callbacks.ReduceLROnPlateau):
    """Keras's ReduceLROnPlateau; `reduced_after` has the epochs (from 1) after which it reduced the learning rate."""

    def __init__(self, setting: ReduceOnPlateau) -> None:
        mode = "max" if "accuracy" in setting.monitor else "min"
        super().__init__(mode=mode, **asdict(setting))
        self.reduced_after: list[int] = []

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """Compares the monitored metric; works on a copy of the logs, to which Keras adds the learning rate."""
        before = self._learning_rate()
        super().on_epoch_end(epoch, dict(logs))
        if self._learning_rate() < before:
            self.reduced_after.append(epoch + 1)

    def _learning_rate(self) -> float:
        return float(keras.ops.convert_to_numpy(self.model.optimizer.learning_rate))

    def effective(self) -> dict[str, Any]:
        """The settings as Keras has them, and `reduced_after`."""
        settings = {key: getattr(self, key) for key in ("monitor", "factor", "patience", "cooldown", "min_lr")}
        return {**settings, "min_delta": abs(self.min_delta), "reduced_after": self.reduced_after}  # Keras signs it


def best_epoch(history: Mapping[str, list[float]]) -> int | None:
    """The first epoch (from 1) with the highest validation accuracy."""
    values = history.get("val_accuracy")
    return int(np.argmax(values)) + 1 if values else None
