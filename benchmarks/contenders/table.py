"""The MLP table as somebody writes it who has Keras alone: a row's network, its data, its one training."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import keras

from mnist_sweeps.config.schema import Data
from mnist_sweeps.data import dataset
from mnist_sweeps.data.preprocessing import scaled

RESULTS = Path("results.csv")  # a line for each training: row, test accuracy


def digits(train_size: int | None) -> Any:
    """(images, labels) for training and for tests, flattened and scaled."""
    split = dataset.load(Data("mnist", train_size=train_size, validation="test"))
    return [(scaled(part.images).reshape(-1, 784), part.labels) for part in (split.train, split.test)]


def network(row: Mapping[str, Any]) -> keras.Sequential:
    """Compiled, on whichever backend Keras has."""
    model = keras.Sequential([keras.Input((784,))])
    rates = row["dropout"] if isinstance(row["dropout"], list) else [row["dropout"]] * len(row["hidden"])
    for units, rate in zip(row["hidden"], rates, strict=True):
        start = keras.initializers.get({**row["initializer"]})
        model.add(keras.layers.Dense(units, activation=row["activation"], kernel_initializer=start))
        if row["batch_norm"]:
            model.add(keras.layers.BatchNormalization())
        if rate:
            model.add(keras.layers.Dropout(rate))
    model.add(keras.layers.Dense(10, activation="softmax"))
    optimizer = keras.optimizers.get({**row["optimizer"]})
    model.compile(optimizer=optimizer, loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def trained(model: keras.Sequential, row: Mapping[str, Any], epochs: int, images: Any) -> float:
    """The test accuracy after training by `fit`, noted in results.csv."""
    (x, y), test = images
    model.fit(x, y, batch_size=128, epochs=epochs, verbose=0, validation_data=test)
    accuracy = float(model.evaluate(*test, verbose=0)[1])
    with RESULTS.open("a") as file:
        file.write(f'"{row["name"]}",{accuracy}\n')
    return accuracy
