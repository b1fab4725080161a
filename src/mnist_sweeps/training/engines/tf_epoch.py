"""A whole epoch as one graph (Keras on TensorFlow), without XLA, which is 5 times slower there: for convolutions.

Gather, forward, backward, optimizer, metrics and validation run inside, so that no step waits for Python: with small
convolutions `fit` keeps one of two threads waiting for a third of the time (benchmarks/results.md).
"""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from mnist_sweeps.config.schema import Config
from mnist_sweeps.models.loss_scaling import unscaled
from mnist_sweeps.training.augmentation import EpochImages
from mnist_sweeps.training.engines.tf_programs import programs_of
from mnist_sweeps.training.epoch_loop import run_epochs
from mnist_sweeps.training.inputs import EVALUATION_BATCH, Arrays


class TensorFlowEpochEngine:
    """Trains a compiled network on TensorFlow with one call per epoch."""

    def __init__(self, model: keras.Model, config: Config, arrays: Arrays) -> None:
        self.model, self.config = model, config
        self.programs = programs_of(model, config.training.batch_size)
        self.take(arrays)

    def take(self, arrays: Arrays) -> None:
        """Replaces the training and validation images; a different number of images retraces."""
        self.images = EpochImages(arrays, self.config.training.augmentation)
        self.train = _on_device(arrays.weighted_train)
        self.validation = None if arrays.validation is None else _on_device(arrays.validation)

    def run(self, seed: int, callbacks: list[keras.callbacks.Callback], first: int = 0) -> dict[str, list[float]]:
        """Trains the network from its current state and returns the history.

        Args:
            seed: Seed of the order of the training images.
            callbacks: Called as in `fit`.
            first: The first epoch, from 0.
        """
        epochs, images = range(first, self.config.training.epochs), len(self.train[1])
        averaged = unscaled(self.model.optimizer).use_ema and self.validation is not None
        return run_epochs(
            self.model, seed, epochs, images, callbacks,
            lambda epoch, order: self.programs.epoch(
                tf.constant(order), self._train_of(seed, epoch), None if averaged else self.validation
            ),
            (lambda: self.programs.scores(self.validation)) if averaged else None,
        )  # fmt: skip

    def predict(self, inputs: NDArray[np.float32]) -> NDArray[np.float32]:
        """Probabilities [n, classes] by the network's current weights, as `model.predict`, which takes 0.1 s longer."""
        batches = (inputs[at : at + EVALUATION_BATCH] for at in range(0, len(inputs), EVALUATION_BATCH))
        return np.concatenate([self.programs.outputs(tf.constant(batch)).numpy() for batch in batches])

    def _train_of(self, seed: int, epoch: int) -> tuple[Any, ...]:
        return (tf.constant(self.images.of(seed, epoch)), *self.train[1:]) if self.images.change else self.train


def _on_device(part: tuple[Any, ...]) -> tuple[Any, ...]:
    inputs, labels, *weights = part
    return tf.constant(inputs), tf.constant(labels, tf.int32), *map(tf.constant, weights)
