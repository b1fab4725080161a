"""Trains one variant once per seed and fold, by either engine, from the same start and in the same order."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Protocol

import keras
import numpy as np
from numpy.typing import NDArray

from mnist_sweeps.config.schema import Config
from mnist_sweeps.config.time_span import seconds
from mnist_sweeps.models import keras_objects, network
from mnist_sweeps.models.schedule import in_steps
from mnist_sweeps.training import activations, extra_metrics, shared_networks, weight_summary
from mnist_sweeps.training.callbacks import (
    AverageWeights,
    EpochRecorder,
    LearningRateReducer,
    OnEpoch,
    PruningThreshold,
    TimeLimit,
    best_epoch,
    stopping,
)
from mnist_sweeps.training.inputs import Arrays
from mnist_sweeps.training.training_state import Continuation, StateKeeper, TrainingState, state_variables


@dataclass(frozen=True)
class Trained:
    """One finished training: `diverged_at` names the epoch whose loss was not finite."""

    history: dict[str, list[float]]
    diverged_at: int | None
    best_epoch: int | None
    kept_epoch: int  # whose weights these are: the last, or the best where early stopping restores it
    probabilities: NDArray[np.float32]  # [n_test, classes]
    weights: dict[str, NDArray[Any]]
    optimizer: dict[str, Any]
    loss: dict[str, Any]
    model: keras.Model  # uncompiled, with the trained weights
    epoch_seconds: list[float]
    reduce_on_plateau: dict[str, Any] | None = None  # as Keras has it, and the epochs after which it reduced
    class_weights: NDArray[np.float32] | None = None  # as `Arrays` has them
    augmentation: dict[str, float] | None = None  # largest translation, rotation and zoom, as Keras's factors
    time_limit_at: int | None = None  # the epoch (from 1) after which `training.time_limit` ended it
    pruned_at: int | None = None  # the epoch (from 1) that ended below `training.floor`
    fold_probabilities: NDArray[np.float32] | None = None  # [n_fold, classes], of the fold that was left out
    activations: NDArray[np.float16] | None = None  # [n_test, units] of a last hidden layer of one or two units
    examples: Mapping[str, NDArray[Any]] = field(default_factory=dict)  # as `Arrays` has them
    corrupted: Mapping[str, NDArray[np.float32]] = field(default_factory=dict)  # [n_test, classes], by corruption
    metrics: Mapping[str, float] = field(default_factory=dict)  # those of `training.metrics`, such as `test_f1_score`
    metric_settings: Sequence[Mapping[str, Any]] = ()  # and as Keras has them
    state: TrainingState | None = None  # after the last epoch, where it is to be kept


class Engine(Protocol):
    """Trains the compiled network that it was made with."""

    def run(self, seed: int, callbacks: list[keras.callbacks.Callback], first: int = 0) -> dict[str, list[float]]:
        """Trains the network from its current state and the epoch `first` on (from 0), and returns the history."""

    def predict(self, inputs: NDArray[np.float32]) -> NDArray[np.float32]:
        """Probabilities [n, classes] by the network's current weights."""

    def take(self, arrays: Arrays) -> None:
        """Replaces the training and validation images."""


def engine(name: str) -> Callable[[keras.Model, Config, Arrays], Engine]:
    """The engine class of a name, `fit` or `compiled`; that of `compiled` depends on the backend."""
    if name == "compiled" and keras.backend.backend() == "jax":
        from mnist_sweeps.training.engines.jax_epoch import JaxEpochEngine

        return JaxEpochEngine
    if name == "compiled":
        from mnist_sweeps.training.engines.tf_epoch import TensorFlowEpochEngine

        return TensorFlowEpochEngine
    from mnist_sweeps.training.engines.keras_fit import KerasFitEngine

    return KerasFitEngine


class Trainer:
    """The network is compiled once for all runs whose structure and inputs have one shape, and set back for each."""

    def __init__(self, config: Config, arrays: Arrays, engine_name: str = "fit", first_seed: int = 0) -> None:
        epoch_steps = math.ceil(len(arrays.train[0]) / config.training.batch_size)
        config = replace(config, optimizer=in_steps(config.optimizer, epoch_steps))
        self.config, self.arrays = config, arrays
        first = network.build(config, arrays.shape, first_seed, arrays.classes)
        self.fresh = {first_seed: first}  # networks that no run has taken yet
        self.model = shared_networks.compiled_like(first, config, len(arrays.train[0]), engine_name)
        self.engine = engine(engine_name)(self.model, config, arrays)

    def take(self, arrays: Arrays) -> None:
        """Replaces the arrays with those of another fold; an image must have the same shape."""
        self.arrays = arrays
        self.engine.take(arrays)

    def train(self, seed: int, on_epoch: OnEpoch, earlier: TrainingState | None = None) -> Trained:
        """Trains one run.

        Args:
            seed: Seed of the initial weights, dropout, and the order of the images.
            on_epoch: Called as `on_epoch(epoch, logs)` after each epoch; epochs count from 1.
            earlier: The state of the run after fewer epochs, from which it goes on.
        """
        start = self._start(seed, on_epoch)
        callbacks, history, first = start.callbacks, dict[str, list[float]](), 0
        if earlier is not None:
            callbacks, history, first = self._continued(start, earlier, on_epoch)
        keeper = StateKeeper(start.callbacks)
        kept = [keeper] if self.config.keep_state else []
        trained = self.engine.run(seed, [*kept, *callbacks], first)
        history = {key: [*history.get(key, []), *trained.get(key, [])] for key in {**history, **trained}}
        state = keeper.state(history, list(start.recorder.seconds)) if kept else None
        return replace(self._trained(start, history, self.model.get_weights()), state=state)

    def _continued(
        self, start: _Start, earlier: TrainingState, on_epoch: OnEpoch
    ) -> tuple[list[keras.callbacks.Callback], dict[str, list[float]], int]:
        """Sets the network to the state of a run after fewer epochs: the callbacks, its history, the next epoch."""
        for variable, value in zip(state_variables(self.model), earlier.variables, strict=True):
            variable.assign(value)
        start.recorder.seconds.extend(earlier.seconds)
        for epoch in range(earlier.epochs):
            on_epoch(epoch + 1, {key: values[epoch] for key, values in earlier.history.items()})
        first = self.config.training.epochs if earlier.stopped else earlier.epochs
        return [*start.callbacks, Continuation(earlier, start.callbacks)], earlier.history, first

    def train_together(self, on_epoch: Mapping[int, OnEpoch]) -> Iterator[tuple[int, Trained]]:
        """The runs of several seeds, trained as one program; engine `compiled` only.

        An epoch's seconds are divided among the runs that share it, so that they sum to what was spent.
        """
        from mnist_sweeps.training.engines.jax_programs import state_of
        from mnist_sweeps.training.engines.jax_vmap import Together

        starts, states = [], []
        for seed, report in on_epoch.items():
            starts.append(self._start(seed, report, share=1 / len(on_epoch)))
            states.append(state_of(self.model))
        together = Together(self.model, self.config, self.arrays)
        members = together.run(states, list(on_epoch), [start.callbacks for start in starts])
        for seed, start, member in zip(on_epoch, starts, members, strict=True):
            yield seed, self._trained(start, member.history.history, member.get_weights())

    def max_seeds_together(self) -> int:
        """How many seeds train as one program; engine `compiled` on JAX only."""
        from mnist_sweeps.training.engines.jax_vmap import max_seeds_together

        if self.config.keep_state or self.config.continue_from:  # a state is that of one model
            return 1
        if self.model.optimizer.use_ema:  # AverageWeights needs a whole model
            return 1
        if self.config.training.augmentation.is_on:  # each seed sees other images
            return 1
        if self.config.training.reduce_on_plateau.patience is not None:  # sets the learning rate of a model's optimizer
            return 1
        return max_seeds_together(self.model, self.config.training.batch_size)

    def _start(self, seed: int, on_epoch: OnEpoch, share: float = 1) -> _Start:
        """Resets the compiled network (weights, dropout seeds, optimizer state) to the start of the run of `seed`."""
        fresh = self.fresh.pop(seed, None)
        if fresh is None:
            fresh = network.build(self.config, self.arrays.shape, seed, self.arrays.classes)
        for layer, source in zip(self.model.layers, fresh.layers, strict=True):
            for variable, value in zip(layer.variables, source.variables, strict=True):
                variable.assign(value)
        optimizer = keras_objects.optimizer(self.config.optimizer)  # some keep copies of the initial weights
        optimizer.build(self.model.trainable_variables)
        for variable, start in zip(self.model.optimizer.variables, optimizer.variables, strict=True):
            variable.assign(start)
        recorder = EpochRecorder(on_epoch, share)
        early_stopping = stopping(self.config.training.early_stopping)
        averages = [AverageWeights()] if self.model.optimizer.use_ema else []
        plateau, limit = self.config.training.reduce_on_plateau, seconds(self.config.training.time_limit)
        return _Start(
            fresh,
            weight_summary.summary(fresh, "initial"),
            {**self.model.optimizer.get_config(), "name": type(self.model.optimizer).__name__},
            recorder,
            averages,
            early_stopping,
            [] if plateau.patience is None else [LearningRateReducer(plateau)],
            [] if limit is None else [TimeLimit(limit, self.config.training.epochs, recorder)],
            PruningThreshold(self.config.training.floor or []),
        )

    def _trained(self, start: _Start, history: dict[str, list[float]], trained: list[NDArray[Any]]) -> Trained:
        """The results of a run that ended with the weights `trained`."""
        start.fresh.set_weights(trained)
        self.model.set_weights(trained)
        restored = [
            callback.best_epoch + 1
            for callback in start.stopping
            if callback.restore_best_weights and callback.best_weights is not None  # None before start_from_epoch
        ]
        augmentation, metrics = self.config.training.augmentation, self.config.training.metrics
        probabilities = self.engine.predict(self.arrays.test[0])
        scored = {"test": (probabilities, self.arrays.test[1])}
        if metrics and self.arrays.validation is not None:
            scored["val"] = (self.engine.predict(self.arrays.validation[0]), self.arrays.validation[1])
        return Trained(
            history=history,
            diverged_at=start.recorder.diverged_at,
            best_epoch=best_epoch(history),
            kept_epoch=restored[0] if restored else len(start.recorder.seconds),
            probabilities=probabilities,
            weights={**start.initial, **weight_summary.summary(start.fresh, "trained")},
            optimizer=start.optimizer,
            loss={**self.model.loss.get_config(), "name": type(self.model.loss).__name__},
            model=start.fresh,
            epoch_seconds=start.recorder.seconds,
            reduce_on_plateau=start.reducers[0].effective() if start.reducers else None,
            class_weights=self.arrays.class_weights,
            augmentation=asdict(augmentation) if augmentation.is_on else None,
            time_limit_at=start.limits[0].ended_at if start.limits else None,
            pruned_at=start.threshold.pruned_at,
            activations=activations.last_hidden(start.fresh, self.arrays.test[0]),
            examples=self.arrays.examples,
            metrics=extra_metrics.metric_values(metrics, scored),
            metric_settings=extra_metrics.effective(metrics),
            corrupted={kind: self.engine.predict(inputs) for kind, inputs in self.arrays.corrupted.items()},
            fold_probabilities=None if self.arrays.fold is None else self.engine.predict(self.arrays.fold[0]),
        )


@dataclass(frozen=True)
class _Start:
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
        thresholds = [self.threshold] if self.threshold.thresholds else []
        return [self.recorder, *self.averages, *self.stopping, *self.reducers, *self.limits, *thresholds]
