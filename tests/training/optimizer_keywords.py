"""Trains one network with every keyword of every Keras optimizer by both engines; prints how far they are apart.

`python -m tests.training.optimizer_keywords BACKEND`: a separate process, since the backend is fixed once a process.
"""

import inspect
import json
import os
import sys
from collections.abc import Iterator
from typing import Any

os.environ["KERAS_BACKEND"] = sys.argv[1]

import keras
import numpy as np

from mnist_sweeps.config.schema import Config, EarlyStopping, Model, Training
from mnist_sweeps.training.inputs import Arrays
from mnist_sweeps.training.trained import Trained
from mnist_sweeps.training.trainer import Trainer

# Values that change the weights; for `shared` ones see below. A keyword that is not here fails the test.
OWN = {
    "momentum": 0.9, "nesterov": True, "beta_1": 0.8, "beta_2": 0.9, "epsilon": 1e-3, "amsgrad": True, "rho": 0.8,
    "centered": True, "initial_accumulator_value": 0.2, "learning_rate_power": -0.6, "l1_regularization_strength": 0.01,
    "l2_regularization_strength": 0.01, "l2_shrinkage_regularization_strength": 0.01, "beta": 0.1, "beta_2_decay": -0.7,
    "epsilon_1": 1e-20, "epsilon_2": 1e-2, "clip_threshold": 0.5, "relative_step": False, "weight_decay": 0.01,
    "nesterov_momentum": 0.9, "ns_steps": 4, "adam_beta_1": 0.8, "adam_beta_2": 0.9, "adam_weight_decay": 0.01,
    "adam_lr_ratio": 0.5, "muon_a": 3.0, "muon_b": -4.0, "muon_c": 2.0, "exclude_embeddings": False, "caution": False,
    "rms_rate": 0.1, "exclude_layers": [], "warmup_steps": 5,
}  # fmt: skip
SHARED: dict[str, dict[str, Any]] = {
    "learning_rate": {"learning_rate": 0.05},
    "weight_decay": {"weight_decay": 0.01},
    "clipnorm": {"clipnorm": 0.05},
    "clipvalue": {"clipvalue": 0.01},
    "global_clipnorm": {"global_clipnorm": 0.05},
    "use_ema": {"use_ema": True},
    "ema_momentum": {"use_ema": True, "ema_momentum": 0.8},
    "ema_overwrite_frequency": {"use_ema": True, "ema_overwrite_frequency": 3},
    "loss_scale_factor": {"loss_scale_factor": 1000.0},
    "gradient_accumulation_steps": {"gradient_accumulation_steps": 3},
}
NOT_SETTINGS = {"self", "name", "kwargs"}
NO_OPTIMIZERS = {"Optimizer", "LossScaleOptimizer", "MultiOptimizer"}  # they wrap others, and take objects


def optimizers() -> Iterator[type]:
    for name, value in vars(keras.optimizers).items():
        if inspect.isclass(value) and issubclass(value, keras.Optimizer) and name not in NO_OPTIMIZERS:
            yield value


def cases() -> dict[str, dict[str, Any]]:
    """Optimizer specs by case: each shared keyword with SGD, and each optimizer with all its other keywords."""
    found = {f"sgd {key}": {"name": "sgd", "learning_rate": 0.1, **words} for key, words in SHARED.items()}
    found["sgd use_ema, stopped early"] = {"name": "sgd", "learning_rate": 0.1, **SHARED["use_ema"]}
    for optimizer in optimizers():
        keywords = set(inspect.signature(optimizer.__init__).parameters) - NOT_SETTINGS - SHARED.keys()
        if unknown := keywords - OWN.keys():
            raise SystemExit(f"{optimizer.__name__} has keywords that no test has decided on: {sorted(unknown)}")
        found[optimizer.__name__] = {"name": optimizer.__name__.lower(), **{key: OWN[key] for key in sorted(keywords)}}
    return found


def arrays() -> Arrays:
    rng = np.random.default_rng(0)
    parts = [(rng.normal(size=(n, 20)), rng.integers(0, 10, n).astype(np.uint8)) for n in (330, 110, 50)]
    return Arrays(*((inputs.astype("float32"), labels) for inputs, labels in parts))


def trained(optimizer: dict[str, Any], engine: str, early: bool) -> Trained:
    stopping = EarlyStopping(patience=1, min_delta=0.05, restore_best=True) if early else EarlyStopping()
    training = Training(epochs=4 if early else 2, batch_size=32, early_stopping=stopping)
    config = Config(model=Model(hidden=[8]), optimizer=optimizer, training=training)
    return Trainer(config, arrays(), engine).train(3, lambda *_: None)


def apart(one: Trained, other: Trained) -> float:
    """The largest difference of weights, test probabilities and history."""
    pairs = [*zip(one.model.get_weights(), other.model.get_weights(), strict=True)]
    pairs += [(one.probabilities, other.probabilities)]
    pairs += [(np.array(one.history[key]), np.array(other.history[key])) for key in one.history]
    return max(float(np.abs(a - b).max()) for a, b in pairs)


def main() -> None:
    plain = trained({"name": "sgd", "learning_rate": 0.1}, "compiled", early=False)
    report = {}
    for name, optimizer in cases().items():
        early = name.endswith("stopped early")
        fit, compiled = (trained(optimizer, engine, early) for engine in ("fit", "compiled"))
        last = compiled.kept_epoch - 1
        images, labels = arrays().validation or arrays().test
        scored = float((compiled.model.predict(images, verbose=0).argmax(1) == labels).mean())
        report[name] = {
            "engines": apart(fit, compiled),
            "from plain": 1.0 if early else apart(compiled, plain),
            "validated": abs(compiled.history["val_accuracy"][last] - scored),
        }
    print(json.dumps(report))


main()
