"""Keras's own training loop: the reference engine."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from mnist_sweeps import models, named
from mnist_sweeps.config import Config, EarlyStopping
from mnist_sweeps.training import weights
from mnist_sweeps.training.arrays import Arrays

EVALUATION_BATCH = 1000
STEPS_PER_EXECUTION = {"tensorflow": 32, "jax": 1}  # JAX unrolls the steps: 32 take 5-11 s to compile for an MLP

OnEpoch = Callable[[int, Mapping[str, float]], None]


@dataclass(frozen=True)
class Trained:
    """One finished training: `diverged_at` names the epoch whose loss was not finite."""

    history: dict[str, list[float]]
    diverged_at: int | None
    best_epoch: int | None
    kept_epoch: int  # whose weights these are: the last, or the best where early stopping restores it
    probabilities: NDArray[np.float32]  # [n_test, 10]
    weights: dict[str, NDArray[Any]]
    optimizer: dict[str, Any]
    model: keras.Sequential  # uncompiled, with the trained weights
    epoch_seconds: list[float]


def permutation(seed: int, epoch: int, n: int) -> NDArray[np.intp]:
    """The order of the n training images in an epoch (from 0): ours, so that no Keras version can change it."""
    return np.random.default_rng([seed, epoch]).permutation(n)


class Trainer:
    """Trains one variant once per seed; the network is compiled once and set back for each seed."""

    def __init__(self, config: Config, arrays: Arrays) -> None:
        self.config, self.arrays = config, arrays
        self.model: keras.Sequential | None = None
        self.fresh_optimizer: list[NDArray[Any]] = []

    def train(self, seed: int, on_epoch: OnEpoch) -> Trained:
        """One run from the weights of `seed`; `on_epoch(epoch, logs)` is called after each epoch, from 1."""
        fresh = models.build(self.config, self.arrays.shape, seed)
        initial = weights.summary(fresh, "initial")
        model = self._set_back(fresh)
        batches = _Batches(*self.arrays.train, self.config.training.batch_size, seed)
        watch, stopping = _Watch(on_epoch, batches), list(_stopping(self.config.training.early_stopping))
        fitted = model.fit(
            batches,
            validation_data=self.arrays.validation,
            validation_batch_size=EVALUATION_BATCH,
            epochs=self.config.training.epochs,
            callbacks=[watch, *stopping],
            shuffle=False,
            verbose=0,
        )
        fresh.set_weights(model.get_weights())
        return Trained(
            history={key: [float(value) for value in values] for key, values in fitted.history.items()},
            diverged_at=watch.diverged_at,
            best_epoch=_best_epoch(fitted.history),
            kept_epoch=stopping[0].best_epoch + 1
            if stopping and stopping[0].restore_best_weights
            else len(watch.seconds),
            probabilities=model.predict(self.arrays.test[0], batch_size=EVALUATION_BATCH, verbose=0),
            weights={**initial, **weights.summary(fresh, "trained")},
            optimizer={**model.optimizer.get_config(), "name": type(model.optimizer).__name__},
            model=fresh,
            epoch_seconds=watch.seconds,
        )

    def _set_back(self, fresh: keras.Sequential) -> keras.Sequential:
        """The compiled network in the state of `fresh`; compiled at the first call, since tracing costs a second."""
        if self.model is None:
            self.model = keras.models.clone_model(fresh)
            compile_for(self.model, self.config, len(self.arrays.train[0]))
            self.model.optimizer.build(self.model.trainable_variables)
            self.fresh_optimizer = [keras.ops.convert_to_numpy(value) for value in self.model.optimizer.variables]
        for layer, source in zip(self.model.layers, fresh.layers, strict=True):
            for variable, value in zip(layer.variables, source.variables, strict=True):
                variable.assign(value)
        for variable, start in zip(self.model.optimizer.variables, self.fresh_optimizer, strict=True):
            variable.assign(start)
        return self.model


def compile_for(model: keras.Sequential, config: Config, images: int) -> None:
    """Compiles with the config's optimizer; XLA on JAX only (TensorFlow's is 5 times slower on an MLP on a CPU)."""
    backend, steps = keras.backend.backend(), math.ceil(images / config.training.batch_size)
    model.compile(
        optimizer=named.optimizer(config.optimizer),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
        steps_per_execution=min(STEPS_PER_EXECUTION[backend], steps),
        jit_compile=backend == "jax",
    )


class _Batches(keras.utils.PyDataset):
    """The training images in the order of (seed, epoch); the last batch holds what is left."""

    def __init__(self, inputs: NDArray[np.float32], labels: NDArray[np.uint8], size: int, seed: int) -> None:
        super().__init__()
        self.inputs, self.labels, self.size, self.seed = inputs, labels, size, seed
        self.begin(0)

    def begin(self, epoch: int) -> None:
        """Takes the order of an epoch (from 0); a callback says which, since Keras looks at batches before the first
        and calls `on_epoch_end` after that look, too.
        """
        self.order = permutation(self.seed, epoch, len(self.labels))

    def __len__(self) -> int:
        return math.ceil(len(self.labels) / self.size)

    def __getitem__(self, index: int) -> tuple[NDArray[np.float32], NDArray[np.uint8]]:
        chosen = self.order[index * self.size : (index + 1) * self.size]
        return self.inputs[chosen], self.labels[chosen]


class _Watch(keras.callbacks.Callback):
    """Gives each epoch its order, times and reports it, and stops where the loss is not finite."""

    def __init__(self, on_epoch: OnEpoch, batches: _Batches) -> None:
        super().__init__()
        self.on_epoch, self.batches = on_epoch, batches
        self.seconds: list[float] = []
        self.diverged_at: int | None = None

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        self.batches.begin(epoch)
        self.began = time.perf_counter()

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        self.seconds.append(round(time.perf_counter() - self.began, 4))
        self.on_epoch(epoch + 1, logs)
        if not math.isfinite(logs["loss"]):
            self.diverged_at = epoch + 1
            self.model.stop_training = True


def _stopping(setting: EarlyStopping) -> Iterator[keras.callbacks.EarlyStopping]:
    if setting.patience is not None:
        yield keras.callbacks.EarlyStopping(
            setting.monitor, setting.min_delta, setting.patience, restore_best_weights=setting.restore_best
        )


def _best_epoch(history: Mapping[str, list[float]]) -> int | None:
    """The first epoch (from 1) with the highest validation accuracy."""
    values = history.get("val_accuracy")
    return int(np.argmax(values)) + 1 if values else None
