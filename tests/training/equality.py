"""Trains the same networks by both engines on JAX and prints how far their weights are apart, as JSON.

A process of its own: the backend is fixed once a process, and the other tests run on TensorFlow.
"""

import json
import sys
from dataclasses import replace
from typing import Any

import keras
import numpy as np

from mnist_sweeps.config import Config, Conv, EarlyStopping, Model, Training
from mnist_sweeps.training.arrays import Arrays
from mnist_sweeps.training.trainer import Trained, Trainer

IMAGES, FEATURES = 330, 20  # with batches of 32 the last one holds 10

MLP = Model(hidden=[16, 8], batch_norm=True, dropout=0.5, input_dropout=0.1)
CNN = Model(conv=Conv(filters=[4, 4], kernel_size=3, pool_after=[1], batch_norm=True, dropout=0.2))
OPTIMIZERS: dict[str, dict[str, Any]] = {
    "adam": {"name": "adam"},
    "sgd": {"name": "sgd", "learning_rate": 0.1},
    "nesterov": {"name": "sgd", "learning_rate": 0.1, "momentum": 0.9, "nesterov": True},
    "rmsprop": {"name": "rmsprop"},
    "adadelta": {"name": "adadelta", "learning_rate": 1.0},
    "adamw": {"name": "adamw", "weight_decay": 0.004},
    "decay": {
        "name": "sgd",
        "learning_rate": {
            "name": "inverse_time_decay", "initial_learning_rate": 0.1, "decay_steps": 1, "decay_rate": 0.01
        },
    },
}  # fmt: skip
STOPPING = Training(
    epochs=9, batch_size=32, early_stopping=EarlyStopping(patience=1, min_delta=0.05, restore_best=True)
)


def arrays(shape: tuple[int, ...]) -> Arrays:
    rng = np.random.default_rng(0)
    parts = [(rng.normal(size=(n, *shape)), rng.integers(0, 10, n).astype(np.uint8)) for n in (IMAGES, 1100, 50)]
    return Arrays(*((inputs.astype(keras.config.floatx()), labels) for inputs, labels in parts))  # type: ignore[arg-type]


def difference(one: Trained, other: Trained) -> float:
    pairs = zip(one.model.get_weights(), other.model.get_weights(), strict=True)
    return max(float(np.abs(a - b).max()) for a, b in pairs)


def compare(config: Config, shape: tuple[int, ...]) -> dict[str, Any]:
    trainers = [Trainer(config, arrays(shape), name) for name in ("fit", "compiled")]
    fit, compiled = (trainer.train(3, lambda *_: None) for trainer in trainers)
    trainers[1].train(4, lambda *_: None)
    history = max(float(np.abs(np.subtract(fit.history[key], compiled.history[key])).max()) for key in fit.history)
    return {
        "weights": difference(fit, compiled),
        "history": history,
        "kept_epoch": [fit.kept_epoch, compiled.kept_epoch],
        "again": difference(compiled, trainers[1].train(3, lambda *_: None)),
    }


def main(precision: str, names: list[str]) -> None:
    keras.config.set_floatx(precision)
    base = Config(model=MLP, training=Training(epochs=2, batch_size=32))
    configs = {name: replace(base, optimizer=optimizer) for name, optimizer in OPTIMIZERS.items()}
    configs["softmax"] = replace(base, model=Model())
    configs["early stopping"] = replace(base, training=STOPPING)
    configs["convolutions"] = replace(base, model=CNN)
    shapes = {"convolutions": (10, 10, 1)}
    print(json.dumps({name: compare(configs[name], shapes.get(name, (FEATURES,))) for name in names}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
