"""Trains one variant once per seed, by either engine, from the same start and in the same order."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import keras
import numpy as np
from numpy.typing import NDArray

from mnist_sweeps import models, named
from mnist_sweeps.config import Config, EarlyStopping
from mnist_sweeps.training import activations, weights
from mnist_sweeps.training.arrays import EVALUATION_BATCH, Arrays

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
    activations: NDArray[np.float16] | None = None  # [n_test, units] of a last hidden layer of one or two units
    examples: Mapping[str, NDArray[Any]] = field(default_factory=dict)  # as `Arrays` has them


class Engine(Protocol):
    """Trains the compiled network that it was made with."""

    def run(self, seed: int, callbacks: list[keras.callbacks.Callback]) -> dict[str, list[float]]:
        """The history of one training from the state that the network is in; it ends in the trained state."""


def engine(name: str) -> Callable[[keras.Sequential, Config, Arrays], Engine]:
    """`fit`, or `compiled` (which imports JAX): the one place that knows both."""
    if name == "compiled":
        from mnist_sweeps.training.compiled import Compiled

        return Compiled
    from mnist_sweeps.training.fit import Fit

    return Fit


class Trainer:
    """The network is compiled once for all seeds of a variant, and set back for each."""

    def __init__(self, config: Config, arrays: Arrays, engine_name: str = "fit") -> None:
        self.config, self.arrays = config, arrays
        self.model = models.build(config, arrays.shape, seed=0)
        compile_for(self.model, config, len(arrays.train[0]))
        self.model.optimizer.build(self.model.trainable_variables)
        self.fresh_optimizer = [keras.ops.convert_to_numpy(value) for value in self.model.optimizer.variables]
        self.engine = engine(engine_name)(self.model, config, arrays)

    def train(self, seed: int, on_epoch: OnEpoch) -> Trained:
        """One run from the weights of `seed`; `on_epoch(epoch, logs)` is called after each epoch, from 1."""
        fresh = models.build(self.config, self.arrays.shape, seed)
        initial = weights.summary(fresh, "initial")
        self._set_back(fresh)
        watch, stopping = _Watch(on_epoch), _stopping(self.config.training.early_stopping)
        history = self.engine.run(seed, [watch, *stopping])
        fresh.set_weights(self.model.get_weights())
        restored = [one.best_epoch + 1 for one in stopping if one.restore_best_weights]
        return Trained(
            history=history,
            diverged_at=watch.diverged_at,
            best_epoch=_best_epoch(history),
            kept_epoch=restored[0] if restored else len(watch.seconds),
            probabilities=self.model.predict(self.arrays.test[0], batch_size=EVALUATION_BATCH, verbose=0),
            weights={**initial, **weights.summary(fresh, "trained")},
            optimizer={**self.model.optimizer.get_config(), "name": type(self.model.optimizer).__name__},
            model=fresh,
            epoch_seconds=watch.seconds,
            activations=activations.last_hidden(fresh, self.arrays.test[0]),
            examples=self.arrays.examples,
        )

    def _set_back(self, fresh: keras.Sequential) -> None:
        """Puts the compiled network into the state of `fresh`, dropout's seeds and the optimizer included."""
        for layer, source in zip(self.model.layers, fresh.layers, strict=True):
            for variable, value in zip(layer.variables, source.variables, strict=True):
                variable.assign(value)
        for variable, start in zip(self.model.optimizer.variables, self.fresh_optimizer, strict=True):
            variable.assign(start)


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


class _Watch(keras.callbacks.Callback):
    """Times each epoch, reports it, and stops where the loss is not finite."""

    def __init__(self, on_epoch: OnEpoch) -> None:
        super().__init__()
        self.on_epoch = on_epoch
        self.seconds: list[float] = []
        self.diverged_at: int | None = None

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        self.began = time.perf_counter()

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        self.seconds.append(round(time.perf_counter() - self.began, 4))
        self.on_epoch(epoch + 1, logs)
        if not math.isfinite(logs["loss"]):
            self.diverged_at = epoch + 1
            self.model.stop_training = True


def _stopping(setting: EarlyStopping) -> list[keras.callbacks.EarlyStopping]:
    if setting.patience is None:
        return []
    keywords = {"restore_best_weights": setting.restore_best}
    return [keras.callbacks.EarlyStopping(setting.monitor, setting.min_delta, setting.patience, **keywords)]


def _best_epoch(history: Mapping[str, list[float]]) -> int | None:
    """The first epoch (from 1) with the highest validation accuracy."""
    values = history.get("val_accuracy")
    return int(np.argmax(values)) + 1 if values else None
