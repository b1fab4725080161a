"""The start of a run: a compiled network reset to fresh weights, and the callbacks that go with the run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import keras
from numpy.typing import NDArray

from mnist_sweeps.config.schema import Config
from mnist_sweeps.config.time_span import seconds
from mnist_sweeps.models.loss_scaling import optimizer_of, settings_of, unscaled
from mnist_sweeps.training import weight_summary
from mnist_sweeps.training.callbacks import (
    AverageWeights,
    EpochRecorder,
    LearningRateReducer,
    OnEpoch,
    PruningThreshold,
    TimeLimit,
    stopping,
)


@dataclass(frozen=True)
class RunStart:
    """The start of a run: its network, a summary of the initial weights, its optimizer's settings, its callbacks."""

    fresh: keras.Model
    initial: dict[str, NDArray[Any]]
    optimizer: dict[str, Any]  # before training: callbacks may reduce the learning rate
    recorder: EpochRecorder
    averages: list[AverageWeights]  # where the optimizer keeps any; before early stopping, which keeps weights, too
    stopping: list[keras.callbacks.EarlyStopping]
    reducers: list[LearningRateReducer]
    limits: list[TimeLimit]
    threshold: PruningThreshold

    @property
    def callbacks(self) -> list[keras.callbacks.Callback]:
        """In the order in which they are called."""
        thresholds = [self.threshold] if self.threshold.thresholds else []
        return [self.recorder, *self.averages, *self.stopping, *self.reducers, *self.limits, *thresholds]


def started(model: keras.Model, fresh: keras.Model, config: Config, on_epoch: OnEpoch, share: float = 1) -> RunStart:
    """Resets a compiled network (weights, dropout seeds, optimizer state) to the start of a run.

    Args:
        model: The compiled network.
        fresh: The network of the run, with its initial weights.
        config: The config of the variant.
        on_epoch: Called as `on_epoch(epoch, logs)` after each epoch; epochs count from 1.
        share: Of an epoch's seconds that are this run's.
    """
    for layer, source in zip(model.layers, fresh.layers, strict=True):
        for variable, value in zip(layer.variables, source.variables, strict=True):
            variable.assign(value)
    optimizer = optimizer_of(config)  # some keep copies of the initial weights
    optimizer.build(model.trainable_variables)
    for variable, start in zip(model.optimizer.variables, optimizer.variables, strict=True):
        variable.assign(start)
    recorder = EpochRecorder(on_epoch, share)
    early_stopping = stopping(config.training.early_stopping)
    averages = [AverageWeights()] if unscaled(optimizer).use_ema else []
    plateau, limit = config.training.reduce_on_plateau, seconds(config.training.time_limit)
    return RunStart(
        fresh,
        weight_summary.summary(fresh, "initial"),
        settings_of(model.optimizer),
        recorder,
        averages,
        early_stopping,
        [] if plateau.patience is None else [LearningRateReducer(plateau)],
        [] if limit is None else [TimeLimit(limit, config.training.epochs, recorder)],
        PruningThreshold(config.training.floor or []),
    )
