"""Trains 3 epochs at once, and 2 and 1 by way of the state in between; prints in what they differ, as JSON.

On JAX it is a separate process: the backend is fixed once a process, and the other tests run on TensorFlow.
"""

import json
from dataclasses import replace
from typing import Any

import keras
import numpy as np
from tests.training.equality import CNN, MLP, arrays

from mnist_sweeps.config.schema import Augmentation, Config, EarlyStopping, ReduceOnPlateau, Training
from mnist_sweeps.training.trained import Trained
from mnist_sweeps.training.trainer import Trainer
from mnist_sweeps.training.training_state import TrainingState

SEED = 3
SHORT = Training(epochs=2, batch_size=32)
STOPPING = EarlyStopping(patience=2, min_delta=9.0, restore_best=True)  # the first epoch stays the best
MOVED = replace(SHORT, augmentation=Augmentation(rotation=0.1))
CONFIGS = {
    "dense": Config(model=MLP, training=SHORT),
    "stops in epoch 3": Config(model=MLP, training=replace(SHORT, early_stopping=STOPPING)),
    "stops in epoch 2": Config(model=MLP, training=replace(SHORT, early_stopping=replace(STOPPING, patience=1))),
    "plateau": Config(model=MLP, training=replace(SHORT, reduce_on_plateau=ReduceOnPlateau(patience=1, min_delta=9.0))),
    "convolutions": Config(model=CNN, optimizer={"name": "sgd", "learning_rate": 0.1, "momentum": 0.9}, training=MOVED),
}


def differences(name: str, engine: str) -> list[str]:
    """In what the two trainings differ.

    Args:
        name: Of a config.
        engine: fit or compiled.
    """
    images = arrays((20,) if name != "convolutions" else (12, 12, 1))
    short = replace(CONFIGS[name], keep_state=True)
    long = replace(short, training=replace(short.training, epochs=3))
    state = trained(short, images, engine).state
    assert state is not None
    restored = TrainingState.from_arrays(state.to_arrays())
    one, other = (values(trained(long, images, engine, earlier)) for earlier in (None, restored))
    return [key for key in one if not np.array_equal(one[key], other[key])]


def trained(config: Config, images: Any, engine: str, earlier: TrainingState | None = None) -> Trained:
    return Trainer(config, images, engine, SEED).train(SEED, lambda epoch, logs: None, earlier)


def values(result: Trained) -> dict[str, Any]:
    assert result.state is not None
    return {
        **result.history,
        "kept epoch": result.kept_epoch,
        "reductions": (result.reduce_on_plateau or {}).get("reduced_after", []),
        "probabilities": result.probabilities,
        "epochs": result.state.epochs,
        "stopped": result.state.stopped,
        **{f"weights {place}": weights for place, weights in enumerate(result.model.get_weights())},
        **{f"variable {place}": variable for place, variable in enumerate(result.state.variables)},
    }


if __name__ == "__main__":
    assert keras.backend.backend() == "jax"
    engines = ("fit", "compiled")
    print(json.dumps({f"{name}, {engine}": differences(name, engine) for name in CONFIGS for engine in engines}))
