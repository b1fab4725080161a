"""Notebook 004's grid search as a loop around Keras's `fit`: each width on each fold, stopped early.

python -m benchmarks.contenders.width_loop WIDTHS IMAGES     # widths as 100,350
"""

from __future__ import annotations

import json
import sys

import numpy as np

from mnist_sweeps.config.schema import Data
from mnist_sweeps.data import dataset
from mnist_sweeps.data.preprocessing import scaled

FOLDS, HELD_OUT, EPOCHS, PATIENCE = 3, 5000, 30, 2  # notebook 004, lines 1048-1068


def main(widths: str, images: int) -> None:
    """Prints a JSON line for each fit: width, epochs run, accuracy on the fold."""
    import keras  # here, since the benchmark's own process reads the constants above

    keras.utils.set_random_seed(0)
    held_out = min(HELD_OUT, images // 12)
    split = dataset.load(Data("mnist", train_size=images, validation=held_out, holdout="first"))
    (x, y), held = ((scaled(part.images).reshape(-1, 784), part.labels) for part in (split.train, split.validation))
    for width in map(int, widths.split(",")):
        for fold in np.array_split(np.arange(len(y)), FOLDS):
            rest = np.setdiff1d(np.arange(len(y)), fold)
            model = keras.Sequential([
                keras.Input((784,)), keras.layers.Dense(width, activation="relu"),
                keras.layers.Dense(10, activation="softmax"),
            ])  # fmt: skip
            model.compile(optimizer="rmsprop", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
            stop = keras.callbacks.EarlyStopping(patience=PATIENCE)
            past = model.fit(x[rest], y[rest], epochs=EPOCHS, verbose=0, validation_data=held, callbacks=[stop])
            accuracy = model.evaluate(x[fold], y[fold], verbose=0)[1]
            print(json.dumps({"width": width, "epochs": len(past.epoch), "accuracy": float(accuracy)}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
