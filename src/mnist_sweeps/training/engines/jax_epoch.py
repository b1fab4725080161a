"""A whole epoch as one program on JAX, compiled once for all seeds of a variant."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import keras
import numpy as np
from numpy.typing import NDArray

from mnist_sweeps.config.schema import Config
from mnist_sweeps.models.loss_scaling import unscaled
from mnist_sweeps.training.augmentation import EpochImages
from mnist_sweeps.training.engines.jax_programs import on_device, state_of, variables_of
from mnist_sweeps.training.engines.shared_programs import programs_of
from mnist_sweeps.training.epoch_loop import run_epochs
from mnist_sweeps.training.inputs import EVALUATION_BATCH, Arrays


class JaxEpochEngine:
    """Trains a compiled network on JAX with one call per epoch; Keras's callbacks are called as in `fit`."""

    def __init__(self, model: keras.Model, config: Config, arrays: Arrays) -> None:
        self.model, self.config = model, config
        self.take(arrays)
        self.programs = programs_of(model, config.training.batch_size)

    def take(self, arrays: Arrays) -> None:
        """Replaces the training and validation images; a different number of images recompiles."""
        self.images, self.train = (
            EpochImages(arrays, self.config.training.augmentation),
            on_device(arrays.weighted_train),
        )
        self.validation = None if arrays.validation is None else on_device(arrays.validation)

    def run(self, seed: int, callbacks: list[keras.callbacks.Callback], first: int = 0) -> dict[str, list[float]]:
        """Trains the network from its current state and returns the history.

        Args:
            seed: Seed of the order of the training images.
            callbacks: Called as in `fit`.
            first: The first epoch, from 0.
        """
        epochs, images = range(first, self.config.training.epochs), len(self.train[1])
        apart = self.validation is not None and unscaled(self.model.optimizer).use_ema
        return run_epochs(
            self.model, seed, epochs, images, callbacks,
            lambda epoch, order: self._train(seed, epoch, order),
            self._validate if apart else None,
        )  # fmt: skip

    def predict(self, inputs: NDArray[np.float32]) -> NDArray[np.float32]:
        """Probabilities [n, 10] by the network's current weights, as `keras.Model.predict` gives them."""
        state = state_of(self.model)
        batches = range(0, len(inputs), EVALUATION_BATCH)
        return np.concatenate(
            [self.programs.prediction(state, inputs[start : start + EVALUATION_BATCH]) for start in batches]
        )

    def _train(self, seed: int, epoch: int, order: NDArray[np.int32]) -> dict[str, jax.Array]:
        validation = None if unscaled(self.model.optimizer).use_ema else self.validation
        train = (jnp.asarray(self.images.of(seed, epoch)), *self.train[1:]) if self.images.change else self.train
        state, logs = self.programs.epoch(state_of(self.model), jnp.asarray(order), train, validation)
        for variables, values in zip(variables_of(self.model), state, strict=True):
            for variable, value in zip(variables, values, strict=True):
                variable.assign(value)
        return dict(logs)

    def _validate(self) -> dict[str, jax.Array]:
        """Scores of the weights that are in the network now: an optimizer's averages are exchanged for them before."""
        return dict(self.programs.evaluation(state_of(self.model), self.validation))
