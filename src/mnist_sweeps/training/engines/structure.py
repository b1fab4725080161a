"""All that decides about a network's programs, as text: its settings without those that only set initial values."""

from __future__ import annotations

import json
from typing import Any

import keras

from mnist_sweeps.models.loss_scaling import is_scaled, unscaled


def text(model: keras.Model, optimizer: keras.Optimizer, loss: keras.losses.Loss, batch: int) -> str:
    """The structure of a network and of its training.

    Args:
        model: The network.
        optimizer: What it is trained with.
        loss: What it minimizes.
        batch: Images per batch.
    """
    inner = unscaled(optimizer)
    settings = {**inner.get_config(), "name": type(inner).__name__}  # Keras numbers its names
    if isinstance(settings["learning_rate"], float):  # a variable; a schedule is part of the program
        del settings["learning_rate"]
    of_loss = [type(loss).__name__, loss.get_config()]
    layers = [[type(layer).__name__, _program_settings(layer.get_config())] for layer in model.layers]
    return json.dumps(
        [model.input_shape, layers, of_loss, settings, is_scaled(optimizer), batch], sort_keys=True, default=str
    )


def _program_settings(config: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in config.items() if key != "seed" and not key.endswith("_initializer")}
