"""Keras as a notebook writes it: arrays into `fit`, TensorFlow, every setting at its default."""

from __future__ import annotations

import keras

from benchmarks.contender import Gate, callback
from mnist_sweeps.config.schema import Config
from mnist_sweeps.models import keras_objects, network
from mnist_sweeps.training.inputs import Arrays


def train(config: Config, arrays: Arrays, epochs: int, gate: Gate, steps_per_execution: int = 1) -> None:
    """One epoch a turn."""
    keras.utils.set_random_seed(0)
    model = network.build(config, arrays.shape, seed=0)
    model.compile(
        optimizer=keras_objects.optimizer(config.optimizer),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
        steps_per_execution=steps_per_execution,
    )
    model.fit(
        *arrays.train,
        batch_size=config.training.batch_size,
        epochs=epochs,
        verbose=0,
        validation_data=arrays.validation,
        callbacks=[callback(gate)],
    )
