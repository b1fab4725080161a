"""The compiled programs of a network on JAX; networks of equal structure in one process share them.

Weights, dropout states and the learning rate are inputs of a program, so that variants that differ only in seeds,
initializers or learning rates are traced and compiled once.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Callable
from typing import Any, NamedTuple

import jax
import keras

from mnist_sweeps.training.engines.jax_programs import epoch_program, evaluation_program, prediction_program

KEPT = 8  # programs, least recently used ones dropped; each holds the network that it was traced with

_programs: OrderedDict[str, Programs] = OrderedDict()


class Programs(NamedTuple):
    """Compiled functions of a state of the network, see `jax_programs`."""

    epoch: Callable[..., Any]
    evaluation: Callable[..., Any]
    prediction: Callable[..., Any]


def programs_of(model: keras.Sequential, batch: int) -> Programs:
    """The programs that train and evaluate networks of this structure.

    Args:
        model: The network, compiled with its optimizer.
        batch: Images per batch.
    """
    key = structure(model, batch)
    if key not in _programs:
        _programs[key] = Programs(
            jax.jit(epoch_program(model, batch)),
            jax.jit(evaluation_program(model)),
            jax.jit(prediction_program(model)),
        )
        if len(_programs) > KEPT:
            _programs.popitem(last=False)
    _programs.move_to_end(key)
    return _programs[key]


def structure(model: keras.Sequential, batch: int) -> str:
    """All that decides about a network's programs, as text: its settings without those that only set initial values.

    Args:
        model: The network, compiled with its optimizer.
        batch: Images per batch.
    """
    optimizer = {**model.optimizer.get_config(), "name": type(model.optimizer).__name__}  # Keras numbers its names
    if isinstance(optimizer["learning_rate"], float):  # a variable; a schedule is part of the program
        del optimizer["learning_rate"]
    loss = [type(model.loss).__name__, model.loss.get_config()]
    layers = [[type(layer).__name__, _program_settings(layer.get_config())] for layer in model.layers]
    return json.dumps([model.input_shape, layers, loss, optimizer, batch], sort_keys=True, default=str)


def _program_settings(config: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in config.items() if key != "seed" and not key.endswith("_initializer")}
