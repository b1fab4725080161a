"""The compiled programs of a network on JAX; networks of equal structure in one process share them.

Weights, dropout states and the learning rate are inputs of a program, so that variants that differ only in seeds,
initializers or learning rates are traced and compiled once.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import jax
import keras

from mnist_sweeps.training.engines import structure
from mnist_sweeps.training.engines.jax_programs import epoch_program, evaluation_program, prediction_program
from mnist_sweeps.training.engines.recently_used import RecentlyUsed

KEPT = 8  # programs, least recently used ones dropped; each holds the network that it was traced with

_programs: RecentlyUsed[Programs] = RecentlyUsed()


class Programs(NamedTuple):
    """Compiled functions of a state of the network, see `jax_programs`."""

    epoch: Callable[..., Any]
    evaluation: Callable[..., Any]
    prediction: Callable[..., Any]


def programs_of(model: keras.Model, batch: int) -> Programs:
    """The programs that train and evaluate networks of this structure.

    Args:
        model: The network, compiled with its optimizer.
        batch: Images per batch.
    """
    key = structure.text(model, model.optimizer, model.loss, batch)
    return _programs.kept_or_made(
        key,
        lambda: Programs(
            jax.jit(epoch_program(model, batch)),
            jax.jit(evaluation_program(model)),
            jax.jit(prediction_program(model)),
        ),
        KEPT,
    )
