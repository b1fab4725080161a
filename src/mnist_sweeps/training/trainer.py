"""Trains one variant once per seed and fold, by either engine, from the same start and in the same order."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Protocol

import keras
import numpy as np
from numpy.typing import NDArray

from mnist_sweeps.config.schema import Config
from mnist_sweeps.models import network
from mnist_sweeps.models.loss_scaling import unscaled
from mnist_sweeps.models.schedule import in_steps
from mnist_sweeps.training import shared_networks
from mnist_sweeps.training.callbacks import OnEpoch
from mnist_sweeps.training.inputs import Arrays
from mnist_sweeps.training.run_start import RunStart, started
from mnist_sweeps.training.trained import Trained, results
from mnist_sweeps.training.training_state import Continuation, StateKeeper, TrainingState, state_variables


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
        self, start: RunStart, earlier: TrainingState, on_epoch: OnEpoch
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
        if unscaled(self.model.optimizer).use_ema:  # AverageWeights needs a whole model
            return 1
        if self.config.training.augmentation.is_on:  # each seed sees other images
            return 1
        if self.config.training.reduce_on_plateau.patience is not None:  # sets the learning rate of a model's optimizer
            return 1
        return max_seeds_together(self.model, self.config.training.batch_size)

    def _start(self, seed: int, on_epoch: OnEpoch, share: float = 1) -> RunStart:
        """The start of the run of `seed`, to which the compiled network is reset."""
        fresh = self.fresh.pop(seed, None)
        if fresh is None:
            fresh = network.build(self.config, self.arrays.shape, seed, self.arrays.classes)
        return started(self.model, fresh, self.config, on_epoch, share)

    def _trained(self, start: RunStart, history: dict[str, list[float]], weights: list[NDArray[Any]]) -> Trained:
        """The results of a run that ended with these weights."""
        start.fresh.set_weights(weights)
        self.model.set_weights(weights)
        return results(start, history, self.model.loss, self.config, self.arrays, self.engine.predict)
