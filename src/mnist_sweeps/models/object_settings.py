"""Keras objects as `{name: sgd, momentum: 0.9}`: the settings from which `keras_objects` makes equal ones."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from types import ModuleType
from typing import Any

import keras
import numpy as np

from mnist_sweeps.models.keras_classes import NOT_KEYWORDS, snake_case


def object_settings(module: ModuleType, serialized: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """The name of a serialized Keras object, and the keywords that differ from their defaults; None for None.

    Args:
        module: Where its class is, such as `keras.regularizers`.
        serialized: Its `class_name` and `config`, as Keras's `serialize` gives them.
    """
    if serialized is None:
        return None
    cls = getattr(module, serialized["class_name"], None)
    return {"name": snake_case(serialized["class_name"]), **keywords(cls, serialized["config"])}


def optimizer_settings(optimizer: keras.Optimizer) -> dict[str, Any]:
    """An optimizer's name, its learning rate or schedule, and the keywords that differ from their defaults."""
    config = optimizer.get_config()
    rate = config["learning_rate"]
    schedule = object_settings(keras.optimizers.schedules, rate) if isinstance(rate, Mapping) else _short(rate)
    others = {key: value for key, value in keywords(type(optimizer), config).items() if key != "learning_rate"}
    return {"name": snake_case(type(optimizer).__name__), "learning_rate": schedule, **others}


def keywords(cls: type | None, config: Mapping[str, Any]) -> dict[str, Any]:
    """The values of an object's configuration that differ from the defaults of its class; objects in it are left out.

    Args:
        cls: The class; None for one that is not Keras's.
        config: What its `get_config` gives.
    """
    parameters = inspect.signature(cls).parameters if cls else {}
    defaults = {name: parameter.default for name, parameter in parameters.items() if name not in NOT_KEYWORDS}
    values = {key: _short(value) for key, value in config.items() if key in defaults}
    return {
        key: value
        for key, value in values.items()
        if value not in (defaults[key], [defaults[key]]) and not (isinstance(value, Mapping) and "class_name" in value)
    }


def _short(value: Any) -> Any:
    """A number as it was given: Keras keeps 0.1 in a float32 variable, and reads 0.10000000149011612 back."""
    if isinstance(value, float) and float(np.float32(value)) == value:
        return float(str(np.float32(value)))
    return value
