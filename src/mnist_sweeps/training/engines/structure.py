"""All that decides about a network's programs, as text: its settings without those that only set initial values."""

from __future__ import annotations

import json
from typing import Any

import keras

from mnist_sweeps.models.loss_scaling import settings_of


def text(model: keras.Model, optimizer: keras.Optimizer, loss: keras.losses.Loss, batch: int) -> str:
    """The structure of a network and of its training.

    Args:
        model: The network.
        optimizer: What it is trained with.
        loss: What it minimizes.
        batch: Images per batch.
    """
    settings = settings_of(optimizer)
    if isinstance(settings["learning_rate"], float):  # a variable; a schedule is part of the program
        del settings["learning_rate"]
    of_loss = [type(loss).__name__, loss.get_config()]
    layers = [[type(layer).__name__, _program_settings(layer.get_config())] for layer in model.layers]
    return json.dumps([model.input_shape, layers, of_loss, settings, batch], sort_keys=True, default=str)


def _program_settings(config: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in config.items() if key != "seed" and not key.endswith("_initializer")}
