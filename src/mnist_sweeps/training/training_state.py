"""The state of a training after its last epoch, from which it goes on as if it had never stopped."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

# What each callback carries from epoch to epoch; Keras's forget it when a training begins.
CARRIED = {
    "EpochRecorder": ("diverged_at",),
    "EarlyStopping": ("wait", "stopped_epoch", "best", "best_epoch"),
    "LearningRateReducer": ("wait", "best", "cooldown_counter", "reduced_after"),
    "PruningThreshold": ("best", "pruned_at"),
    "TimeLimit": ("ended_at",),
}


@dataclass(frozen=True)
class TrainingState:
    """`variables` are those of the layers (weights, averages, generators of dropout), then those of the optimizer.

    `best_weights` are what early stopping restores. `stopped` tells whether a callback ended the training; then
    there are no further epochs.
    """

    variables: list[NDArray[Any]]
    history: dict[str, list[float]]
    seconds: list[float]  # of each epoch
    stopped: bool
    callbacks: dict[str, dict[str, Any]] = field(default_factory=dict)
    best_weights: list[NDArray[Any]] = field(default_factory=list)

    @property
    def epochs(self) -> int:
        """Finished epochs."""
        return len(self.seconds)

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """The state as arrays by name, to be written to one file."""
        plain = {"history": self.history, "seconds": self.seconds, "stopped": self.stopped, "callbacks": self.callbacks}
        lists = {"variable": self.variables, "best": self.best_weights}
        numbered = {f"{name}_{place}": array for name, of in lists.items() for place, array in enumerate(of)}
        return {"plain": np.array(json.dumps(plain)), **numbered}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> TrainingState:
        """The state that `to_arrays` gave."""
        variables, best = (_numbered(arrays, name) for name in ("variable", "best"))
        return cls(variables=variables, best_weights=best, **json.loads(str(arrays["plain"])))


def _numbered(arrays: Mapping[str, NDArray[Any]], name: str) -> list[NDArray[Any]]:
    count = sum(key.startswith(f"{name}_") for key in arrays)
    return [arrays[f"{name}_{place}"] for place in range(count)]


class StateKeeper(keras.callbacks.Callback):
    """Takes the state when a training ends: first of all callbacks, before early stopping restores other weights."""

    def __init__(self, callbacks: Sequence[keras.callbacks.Callback]) -> None:
        super().__init__()
        self.callbacks = callbacks
        self.variables: list[NDArray[Any]] = []
        self.values: dict[str, dict[str, Any]] = {}
        self.best_weights: list[NDArray[Any]] = []
        self.stopped = False

    def on_train_end(self, logs: Any = None) -> None:
        """Copies the variables, and what callbacks carry."""
        self.variables = [_copy(variable) for variable in state_variables(self.model)]
        self.stopped = bool(self.model.stop_training)
        for callback in self.callbacks:
            name = type(callback).__name__
            if name in CARRIED:
                self.values[name] = {key: _plain(getattr(callback, key)) for key in CARRIED[name]}
            if isinstance(callback, keras.callbacks.EarlyStopping):
                self.best_weights = [np.array(weight) for weight in callback.best_weights or []]

    def state(self, history: dict[str, list[float]], seconds: list[float]) -> TrainingState:
        """The state.

        Args:
            history: Each metric's value after each epoch.
            seconds: Of each epoch.
        """
        return TrainingState(self.variables, history, seconds, self.stopped, self.values, self.best_weights)


class Continuation(keras.callbacks.Callback):
    """Gives the other callbacks back what they carried, after Keras's have forgotten it: last of all callbacks."""

    def __init__(self, state: TrainingState, callbacks: Sequence[keras.callbacks.Callback]) -> None:
        super().__init__()
        self.state, self.callbacks = state, callbacks

    def on_train_begin(self, logs: Any = None) -> None:
        """Sets what callbacks carry, and that a training which one of them ended is over."""
        self.model.stop_training = self.state.stopped
        for callback in self.callbacks:
            for key, value in self.state.callbacks.get(type(callback).__name__, {}).items():
                setattr(callback, key, value)
            if isinstance(callback, keras.callbacks.EarlyStopping) and self.state.best_weights:
                callback.best_weights = list(self.state.best_weights)


def state_variables(model: keras.Model) -> list[Any]:
    """The variables of a compiled network's layers and of its optimizer."""
    return [*(variable for layer in model.layers for variable in layer.variables), *model.optimizer.variables]


def _copy(variable: Any) -> NDArray[Any]:
    """A copy: `fit` on JAX donates the buffers of its variables."""
    return np.array(keras.ops.convert_to_numpy(variable), copy=True)


def _plain(value: Any) -> Any:
    """A number of Keras, a list or None as JSON has it."""
    return value if value is None or isinstance(value, (int, list)) else float(value)
