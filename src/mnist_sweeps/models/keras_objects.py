"""`{name: sgd, momentum: 0.9}` as the Keras object of that name; Keras is the registry."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from types import ModuleType
from typing import Any

import keras

from mnist_sweeps.config.errors import ConfigError, nearest
from mnist_sweeps.config.value_checks import is_number
from mnist_sweeps.models.keras_classes import create, find_class
from mnist_sweeps.models.warm_up import WarmUp

NOT_ACTIVATIONS = {"get", "serialize", "deserialize"}
NORMALIZATIONS = [
    "batch_normalization", "group_normalization", "layer_normalization", "rms_normalization", "unit_normalization",
]  # fmt: skip


def optimizer(spec: Mapping[str, Any]) -> keras.optimizers.Optimizer:
    """A fresh optimizer; its learning rate may itself be the spec of a schedule of `keras.optimizers.schedules`.

    With `warmup`, a number of updates, a linear warm-up precedes the schedule.

    Raises:
        ConfigError: no such optimizer or keyword, or a value that it does not take.

    Example:
        `optimizer({"name": "sgd", "learning_rate": {"name": "inverse_time_decay", ...}})`
    """
    rate = spec.get("learning_rate")
    if isinstance(rate, Mapping):
        settings = {key: value for key, value in rate.items() if key != "warmup"}
        schedule = create(keras.optimizers.schedules, "optimizer.learning_rate", _as_floats(settings))
        spec = {**spec, "learning_rate": WarmUp(schedule, rate["warmup"]) if "warmup" in rate else schedule}
    elif rate is not None and not (is_number(rate) and rate > 0):
        raise ConfigError(
            f"optimizer.learning_rate={rate}: expected a number above 0, "
            "or a schedule like {name: exponential_decay, ...}"
        )
    return create(keras.optimizers, "optimizer", spec)


def initializer(key: str, spec: Mapping[str, Any], seed: int) -> keras.initializers.Initializer:
    """A separate initializer for one layer: two layers that share an instance would start with equal weights.

    Raises:
        ConfigError: no such initializer or keyword.
    """
    return create(keras.initializers, key, {**_seeded(keras.initializers, key, spec, seed), **spec})


def regularizer(key: str, spec: Mapping[str, Any] | None, rank: int) -> keras.regularizers.Regularizer | None:
    """The regularizer of a kernel, such as `{name: l2, l2: 1.0e-4}`; None for None.

    Args:
        key: The configuration key, for messages.
        spec: The name of a class of `keras.regularizers` and its keywords.
        rank: Dimensions of the kernel: 2 of a dense layer, 4 of a convolution.

    Raises:
        ConfigError: no such regularizer or keyword, or one that does not take a kernel of that rank.
    """
    if spec is None:
        return None
    created = create(keras.regularizers, key, spec)
    try:
        created(keras.ops.ones((2,) * rank))  # Keras calls it in the first step only
    except ValueError as error:
        reason = str(error).split(" Received")[0]
        raise ConfigError(f"{key}={dict(spec)}: Keras refuses it: {reason}") from error
    return created


def constraint(key: str, spec: Mapping[str, Any] | None) -> keras.constraints.Constraint | None:
    """The constraint of a kernel, such as `{name: max_norm, max_value: 3}`; None for None.

    Args:
        key: The configuration key, for messages.
        spec: The name of a class of `keras.constraints` and its keywords.

    Raises:
        ConfigError: no such constraint or keyword.
    """
    return None if spec is None else create(keras.constraints, key, spec)


def metric(key: str, spec: Mapping[str, Any]) -> keras.metrics.Metric:
    """A metric such as `{name: top_k_categorical_accuracy, k: 2}`, with `average: macro` where it has an average.

    Args:
        key: The configuration key, for messages.
        spec: The name of a class of `keras.metrics` and its keywords.

    Raises:
        ConfigError: no such metric or keyword.
    """
    cls = find_class(keras.metrics, key, str(spec.get("name")))
    whole = {"average": "macro"} if "average" in inspect.signature(cls).parameters else {}
    return create(keras.metrics, key, {**whole, **spec})


def normalization(key: str, spec: Mapping[str, Any]) -> keras.Layer:
    """A layer that normalizes activations, such as `{name: group_normalization, groups: 8}`.

    Args:
        key: The configuration key, for messages.
        spec: The name of a class of `keras.layers` and its keywords.

    Raises:
        ConfigError: no such layer or keyword, or one that normalizes something else.
    """
    if str(spec["name"]).replace("_", "").lower() not in {name.replace("_", "") for name in NORMALIZATIONS}:
        raise ConfigError(f"{key}.name={spec['name']}: no normalization; {nearest(spec['name'], NORMALIZATIONS)}")
    return create(keras.layers, key, spec)


def activation(key: str, value: Any, seed: int) -> Any:
    """An activation by name, or as a layer where it has keywords (`{name: leaky_relu, negative_slope: 0.1}`).

    Args:
        key: The configuration key, for messages.
        value: A name of `keras.activations`, or a mapping with the name of a class of `keras.layers` and its keywords.
        seed: Of a layer that draws random numbers (`gaussian_noise`) and does not set one itself.

    Raises:
        ConfigError: no such activation or keyword.
    """
    if isinstance(value, Mapping):
        return create(keras.layers, key, {**_seeded(keras.layers, key, value, seed), **value})
    names = {name for name in dir(keras.activations) if name.islower() and not name.startswith("_")} - NOT_ACTIVATIONS
    if value not in names:
        raise ConfigError(f"{key}={value}: no Keras activation; {nearest(value, list(names))}")
    _check_activation(key, value)
    return value


def _check_activation(key: str, name: str) -> None:
    """Refuses functions that no layer can apply by name: they need arguments, or give another number of values."""
    function = getattr(keras.activations, name)
    _, *others = inspect.signature(function).parameters.values()
    if needed := [parameter.name for parameter in others if parameter.default is parameter.empty]:
        raise ConfigError(f"{key}={name}: needs {', '.join(needed)}, and Keras has no layer that takes them")
    if tuple(function(keras.ops.zeros((1, 4))).shape) != (1, 4):
        raise ConfigError(f"{key}={name}: changes the number of units, which the next layer does not expect")


def _seeded(module: ModuleType, key: str, spec: Mapping[str, Any], seed: int) -> dict[str, int]:
    """The seed as a keyword, where the class takes one: without one Keras draws a random seed."""
    cls = find_class(module, key, str(spec.get("name")))
    return {"seed": seed} if "seed" in inspect.signature(cls).parameters else {}


def _as_floats(value: Any) -> Any:
    """Integers as floats: a schedule with `initial_learning_rate: 1` computes in integers, and its rate is soon 0."""
    if isinstance(value, Mapping):
        return {key: _as_floats(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [_as_floats(entry) for entry in value]
    return float(value) if is_number(value) else value
