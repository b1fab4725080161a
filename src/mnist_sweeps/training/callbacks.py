"""What watches a training: its times and its end, through Keras's callbacks."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import keras
import numpy as np

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
