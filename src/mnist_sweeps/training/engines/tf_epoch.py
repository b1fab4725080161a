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
from mnist_sweeps.training.augmentation import EpochImages
from mnist_sweeps.training.engines import tf_adam
from mnist_sweeps.training.epoch_loop import run_epochs
from mnist_sweeps.training.inputs import EVALUATION_BATCH, Arrays


class TensorFlowEpochEngine:
    """Trains a compiled network on TensorFlow with one call per epoch."""

    def __init__(self, model: keras.Model, config: Config, arrays: Arrays) -> None:
        self.model, self.config = model, config
        tf_adam.fuse(model.optimizer)
        self.epoch = tf.function(self._epoch, autograph=False)
        self.scores = tf.function(self._scores, autograph=False)
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
        averaged = self.model.optimizer.use_ema and self.validation is not None
        return run_epochs(
            self.model, seed, epochs, images, callbacks,
            lambda epoch, order: self.epoch(
                tf.constant(order), self._train_of(seed, epoch), None if averaged else self.validation
            ),
            (lambda: self.scores(self.validation)) if averaged else None,
        )  # fmt: skip

    def predict(self, inputs: NDArray[np.float32]) -> NDArray[np.float32]:
        """Probabilities [n, 10] by the network's current weights."""
        predicted: NDArray[np.float32] = self.model.predict(inputs, batch_size=EVALUATION_BATCH, verbose=0)
        return predicted

    def _train_of(self, seed: int, epoch: int) -> tuple[Any, ...]:
        return (tf.constant(self.images.of(seed, epoch)), *self.train[1:]) if self.images.change else self.train

    def _epoch(self, order: Any, train: Any, validation: Any) -> dict[str, Any]:
        total = _over_batches(order, self.config.training.batch_size, lambda at: self._step(*_gathered(train, at)))
        loss, accuracy = tf.unstack(total / order.shape[0])
        logs = {"loss": loss, "accuracy": accuracy}
        return logs if validation is None else {**logs, **self._scores(validation)}

    def _scores(self, validation: Any) -> dict[str, Any]:
        """`val_loss` and `val_accuracy`."""
        places = tf.range(validation[1].shape[0])
        sums = _over_batches(places, EVALUATION_BATCH, lambda at: self._score(*_gathered(validation, at)))
        loss, accuracy = tf.unstack(sums / validation[1].shape[0])
        return {"val_loss": loss, "val_accuracy": accuracy}

    def _step(self, inputs: Any, labels: Any, *weights: Any) -> Any:
        """Sums of loss and of right predictions [2] over a batch, on which the network was trained."""
        model = self.model
        with tf.GradientTape() as tape:
            predicted = model(inputs, training=True)
            loss = sum([model.loss(labels, predicted, *weights), *model.losses])
            scaled = model.optimizer.scale_loss(loss)
        variables = model.trainable_variables
        model.optimizer.apply(tape.gradient(scaled, [variable.value for variable in variables]), variables)
        return _sums(loss, predicted, labels)

    def _score(self, inputs: Any, labels: Any) -> Any:
        predicted = self.model(inputs, training=False)
        return _sums(sum([self.model.loss(labels, predicted), *self.model.losses]), predicted, labels)


def _on_device(part: tuple[Any, ...]) -> tuple[Any, ...]:
    inputs, labels, *weights = part
    return tf.constant(inputs), tf.constant(labels, tf.int32), *map(tf.constant, weights)


def _gathered(part: tuple[Any, ...], places: Any) -> tuple[Any, ...]:
    return tuple(tf.gather(values, places) for values in part)


def _over_batches(places: Any, size: int, sums: Any) -> Any:
    """The sum of `sums` over batches of places; the last one holds what is left, as in `fit`."""
    count, left = divmod(places.shape[0], size)
    batches = tf.reshape(places[: count * size], (count, size))  # with a shape that is known beforehand
    _, total = tf.while_loop(
        lambda at, _: at < count,
        lambda at, total: (at + 1, total + sums(batches[at])),
        (tf.constant(0), tf.zeros(2)),
    ) if count else (None, tf.zeros(2))  # fmt: skip
    return total + sums(places[count * size :]) if left else total


def _sums(loss: Any, predicted: Any, labels: Any) -> Any:
    right = tf.reduce_sum(tf.cast(tf.argmax(predicted, -1, output_type=tf.int32) == labels, tf.float32))
    return tf.stack([tf.cast(loss, tf.float32) * labels.shape[0], right])
