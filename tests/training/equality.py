"""Trains the same networks by both engines on JAX and prints how far their weights are apart, as JSON.

A separate process: the backend is fixed once a process, and the other tests run on TensorFlow.
"""

import json
import os
import sys
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

if os.environ["KERAS_BACKEND"] == "jax":
    sys.modules["tensorflow"] = None  # type: ignore[assignment]  # as in workers: Keras would import it, in 3 s

import jax
import keras
import numpy as np

from mnist_sweeps.config.schema import Augmentation, Config, Conv, Data, EarlyStopping, Model, ReduceOnPlateau, Training
from mnist_sweeps.data.class_weights import class_weights
from mnist_sweeps.job.job import run_job
from mnist_sweeps.job.run import VariantFolder
from mnist_sweeps.models import inspection
from mnist_sweeps.runtime.device import Machine
from mnist_sweeps.training import shared_networks
from mnist_sweeps.training.engines import shared_programs
from mnist_sweeps.training.engines.jax_programs import state_of
from mnist_sweeps.training.engines.jax_vmap import Together
from mnist_sweeps.training.inputs import Arrays
from mnist_sweeps.training.trained import Trained
from mnist_sweeps.training.trainer import Trainer

SEEDS = (3, 4, 5)
IMAGES, FEATURES = 330, 20  # with batches of 32 the last one holds 10

MLP = Model(hidden=[16, 8], batch_norm=True, dropout=0.5, input_dropout=0.1)
CNN = Model(
    conv=Conv(
        filters=[4, 4], kernel_size=[3, 2], padding=["same", "valid"], pool_after=[1], batch_norm=True, dropout=0.2
    )
)
OPTIMIZERS: dict[str, dict[str, Any]] = {
    "adam": {"name": "adam"},
    "sgd": {"name": "sgd", "learning_rate": 0.1},
    "nesterov": {"name": "sgd", "learning_rate": 0.1, "momentum": 0.9, "nesterov": True},
    "rmsprop": {"name": "rmsprop"},
    "adadelta": {"name": "adadelta", "learning_rate": 1.0},
    "adamw": {"name": "adamw", "weight_decay": 0.004},
    "accumulation": {"name": "adam", "gradient_accumulation_steps": 4},
    "warm-up": {
        "name": "sgd",
        "learning_rate": {
            "name": "cosine_decay", "initial_learning_rate": 0.1, "decay_steps": "1 epoch", "warmup": "1 epoch"
        },
    },
    "warm-up of a decay": {
        "name": "sgd",
        "learning_rate": {
            "name": "exponential_decay", "initial_learning_rate": 0.1, "decay_steps": 5, "decay_rate": 0.9,
            "warmup": "1 epoch",
        },
    },
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
    inputs_and_labels = ((inputs.astype(keras.config.floatx()), labels) for inputs, labels in parts)
    sides = shape[:2] if len(shape) == 3 else (4, FEATURES // 4)
    return Arrays(*inputs_and_labels, image_shape=sides)  # type: ignore[arg-type]


def difference(one: Trained, other: Trained) -> float:
    pairs = zip(one.model.get_weights(), other.model.get_weights(), strict=True)
    return max(float(np.abs(a - b).max()) for a, b in pairs)


def compare(config: Config, shape: tuple[int, ...]) -> dict[str, Any]:
    data = arrays(shape)
    data = replace(data, class_weights=class_weights(config.training.class_weight, data.train[1], 10))
    trainers = [Trainer(config, data, name) for name in ("fit", "compiled")]
    fit, compiled = (trainer.train(3, lambda *_: None) for trainer in trainers)
    trainers[1].train(4, lambda *_: None)
    history = max(float(np.abs(np.subtract(fit.history[key], compiled.history[key])).max()) for key in fit.history)
    return {
        "weights": difference(fit, compiled),
        "history": history,
        "kept_epoch": [fit.kept_epoch, compiled.kept_epoch],
        "metrics": max((abs(fit.metrics[key] - compiled.metrics[key]) for key in fit.metrics), default=0),
        "again": difference(compiled, trainers[1].train(3, lambda *_: None)),
    }


def compare_together(config: Config, shape: tuple[int, ...]) -> dict[str, Any]:
    """Three seeds as one program, compared with each trained alone."""
    trainer = Trainer(config, arrays(shape), "compiled")
    alone = {seed: trainer.train(seed, lambda *_: None) for seed in SEEDS}
    heard: dict[int, list[int]] = {seed: [] for seed in SEEDS}
    tell = {seed: lambda epoch, _, seed=seed: heard[seed].append(epoch) for seed in SEEDS}
    together = dict(trainer.train_together(tell))
    return {
        "weights": max(difference(alone[seed], together[seed]) for seed in SEEDS),
        "history": max(
            float(np.abs(np.subtract(alone[seed].history[key], together[seed].history[key])).max())
            for seed in SEEDS
            for key in alone[seed].history
        ),
        "epochs": [[len(found[seed].epoch_seconds) for seed in SEEDS] for found in (alone, together)],
        "kept_epoch": [[found[seed].kept_epoch for seed in SEEDS] for found in (alone, together)],
        "heard": [len(heard[seed]) for seed in SEEDS],
        "diverged_at": [[found[seed].diverged_at for seed in SEEDS] for found in (alone, together)],
    }


def compare_with_a_diverged_one(config: Config, shape: tuple[int, ...]) -> dict[str, Any]:
    """Two seeds trained together, with and without a third whose weights are NaN."""
    data = arrays(shape)
    trainer = Trainer(config, data, "compiled")
    good = state_of(trainer.model)
    bad = jax.tree.map(lambda value: value * np.nan if value.dtype.kind == "f" else value, good)
    ends = []
    for starts, seeds in (([good, bad, good], (3, 4, 5)), ([good, good], (3, 5))):
        members = Together(trainer.model, config, data).run(starts, seeds, [[] for _ in seeds])
        ends.append({seed: member for seed, member in zip(seeds, members, strict=True)})
    pairs = [
        (one, other) for seed in (3, 5) for one, other in zip(*(end[seed].get_weights() for end in ends), strict=True)
    ]
    return {
        "weights": max(float(np.abs(one - other).max()) for one, other in pairs),
        "bad_loss_is_a_number": bool(np.isfinite(ends[0][4].history.history["loss"][0])),
    }


def compare_jobs(config: Config, _: tuple[int, ...]) -> dict[str, Any]:
    """A job whose seeds train together, compared with one that trains them one after another, by what they publish."""
    digits = Data(train_size=250, validation=50, test_size=100)
    config = replace(config, data=digits, seeds=[3, 4, 5], keep_models="none")
    machine, published = Machine("jax", "cpu", 1, "compiled"), []
    for together in (False, True):
        with patch.object(Machine, "together", together), TemporaryDirectory() as folder:
            run_job(config, VariantFolder("sweep", "row", Path(folder)), machine)
            records = sorted(Path(folder).glob("seed-*/run.json"))
            published.append({path.parent.name: json.loads(path.read_text()) for path in records})
    alone, together_ = published
    return {
        "statuses": [one["status"] for one in together_.values()],
        "metrics": max(
            abs(alone[seed]["metrics"][key] - together_[seed]["metrics"][key])
            for seed in alone
            for key in ("test_loss", "test_accuracy", "val_loss", "train_accuracy", "epochs_run")
        ),
        "digests": [alone[seed]["digest"] == together_[seed]["digest"] for seed in alone],
        "files": [sorted(one["files"]) for one in together_.values()],
    }


def compare_shared(config: Config, shape: tuple[int, ...]) -> dict[str, Any]:
    """A variant trained by the programs of `config`, which differs in what sets initial values, and by its own."""
    optimizer = dict(config.optimizer)
    if not isinstance(optimizer.get("learning_rate"), dict):
        optimizer["learning_rate"] = 0.05
    other = replace(config, optimizer=optimizer, initializer={"name": "random_uniform"})
    ends, kept = [], []
    for before in ([], [config]):
        shared_programs._programs.clear()
        shared_networks._networks.clear()
        for one in [*before, other]:
            trained = Trainer(one, arrays(shape), "compiled").train(4, lambda *_: None)
        ends.append(trained)
        kept.append(len(shared_programs._programs))
    alone, shared = ends
    return {
        "programs": kept,
        "weights": difference(alone, shared),
        "equal": alone.history == shared.history and alone.probabilities.tobytes() == shared.probabilities.tobytes(),
        "learning_rate": shared.optimizer["learning_rate"] == alone.optimizer["learning_rate"],
        "initializers": inspection.effective(shared.model) == inspection.effective(alone.model),
    }


def main(how: str, precision: str, names: list[str]) -> None:
    keras.config.set_floatx(precision)
    base = Config(model=MLP, training=Training(epochs=2, batch_size=32))
    configs = {name: replace(base, optimizer=optimizer) for name, optimizer in OPTIMIZERS.items()}
    configs["softmax"] = replace(base, model=Model())
    configs["early stopping"] = replace(base, training=STOPPING)
    every_epoch = ReduceOnPlateau(patience=0, min_delta=10, factor=0.3)  # no loss falls by 10
    configs["reduced learning rate"] = replace(base, training=Training(4, 32, reduce_on_plateau=every_epoch))
    moves = Augmentation(translation=0.2, rotation=0.1, zoom=0.2)
    configs["class weights"] = replace(base, training=replace(base.training, class_weight={3: 2.0, 8: 0.5}))
    configs["augmentation"] = replace(base, training=replace(base.training, augmentation=moves))
    configs["convolutions"] = replace(base, model=CNN)
    configs["mixed precision"] = replace(base, precision="mixed_bfloat16")
    configs["loss scaling"] = replace(base, precision="mixed_float16")
    averaged = {"name": "adam", "use_ema": True}
    configs["loss scaling, averages"] = replace(base, precision="mixed_float16", optimizer=averaged)
    shapes = {"convolutions": (10, 10, 1), "regularizers": (10, 10, 1), "layers": (14, 14, 1), "residual": (10, 10, 1)}
    penalty = [{"name": "activity_regularization", "l2": 0.01}, {"name": "gaussian_noise", "stddev": 0.5}]
    configs["regularizers"] = replace(
        base, model=replace(CNN, hidden=[8], kernel_regularizer={"name": "l2", "l2": 0.1},
                            conv=replace(CNN.conv, kernel_regularizer=[None, {"name": "l1", "l1": 0.1}]))
    )  # fmt: skip
    group = {"name": "group_normalization", "groups": 2, "position": "before"}
    conv = Conv(
        filters=[4, 4], strides=[1, 2], pool_after=[1], pool="average", pool_size=3, global_pooling="average",
        normalization=group, kernel_constraint={"name": "max_norm", "max_value": 0.5, "axis": [0, 1, 2]},
    )  # fmt: skip
    norms = [{"name": "layer_normalization"}, {"name": "batch_normalization", "position": "before"}]
    limit = {"name": "max_norm", "max_value": 0.5}
    # for float64: normalizations of units that relu turned off scale rounding errors up, 30 times a layer
    configs["layers"] = replace(
        base, optimizer={"name": "sgd", "learning_rate": 0.01},
        model=Model(hidden=[8, 8], normalization=norms, kernel_constraint=limit, conv=conv),
    )  # fmt: skip
    configs["residual"] = replace(
        base, training=replace(base.training, metrics=["f1_score", "kl_divergence"]),
        optimizer={"name": "sgd", "learning_rate": 0.01},
        model=Model(hidden=[8, 8], residual=True, dropout=0.5,
                    conv=Conv(filters=[4, 4, 4], padding="same", separable=[False, True, True], pool_after=[1])),
    )  # fmt: skip
    configs["label smoothing"] = replace(base, training=replace(base.training, label_smoothing=0.2))
    configs["squared error"] = replace(base, training=replace(base.training, loss="mean_squared_error"))
    configs["layers as activations"] = replace(base, model=Model(hidden=[16, 8], activation=penalty))
    configs["no batch norm"] = replace(base, model=replace(MLP, batch_norm=False))
    known = {"engines": compare, "together": compare_together, "bad": compare_with_a_diverged_one, "jobs": compare_jobs}
    measure = {**known, "shared": compare_shared}[how]
    print(json.dumps({name: measure(configs[name], shapes.get(name, (FEATURES,))) for name in names}))


if __name__ == "__main__":
    main(*sys.argv[1:3], sys.argv[3:])
