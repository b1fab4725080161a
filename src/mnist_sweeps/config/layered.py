"""The keys that take one entry per layer: how many entries, and which values are allowed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from typing import Any

from mnist_sweeps.config.schema import Config, Model
from mnist_sweeps.config.value_checks import (
    is_bool,
    is_name,
    is_named_or_null,
    is_normalization,
    is_padding,
    is_pool,
    is_rate,
    is_whole,
)


@dataclass(frozen=True)
class LayerKind:
    """What a key has an entry for: its name in messages, and how many of them a model has."""

    unit: str
    count: Callable[[Model], int]


HIDDEN = LayerKind("hidden layers (model.hidden)", lambda model: len(model.hidden))
CONVOLUTIONS = LayerKind("convolutions (model.conv.filters)", lambda model: len(model.conv.filters))
POOLINGS = LayerKind("poolings (model.conv.pool_after)", lambda model: len(model.conv.pool_after))
INPUT = LayerKind("input", lambda _: 1)  # a single value; a list of one is allowed, too


@dataclass(frozen=True)
class LayeredKey:
    """A key that is a single value for all layers, or a list with one entry for each."""

    key: str
    kind: LayerKind
    allowed: str  # in words
    is_allowed: Callable[[Any], bool]  # of one entry


WHOLE, RATE, PADDING = "a whole number of at least 1", "a rate of at least 0 and below 1", "valid or same"
ACTIVATION, BOOL = "a name of a Keras activation", "true or false"
POOL = "max or average"
NORMALIZATION = "null, or a mapping with a name, and position before or after: {name: layer_normalization}"
CONSTRAINT = "null, or a mapping with a name: {name: max_norm, max_value: 3}"
REGULARIZER = "null, or a mapping with a name: {name: l2, l2: 1.0e-4}"

# Faults are listed in this order.
LAYERED_KEYS = (
    LayeredKey("model.hidden", HIDDEN, WHOLE, is_whole),
    LayeredKey("model.conv.filters", CONVOLUTIONS, WHOLE, is_whole),
    LayeredKey("model.activation", HIDDEN, ACTIVATION, is_name),
    LayeredKey("model.batch_norm", HIDDEN, BOOL, is_bool),
    LayeredKey("model.normalization", HIDDEN, NORMALIZATION, is_normalization),
    LayeredKey("model.dropout", HIDDEN, RATE, is_rate),
    LayeredKey("model.kernel_regularizer", HIDDEN, REGULARIZER, is_named_or_null),
    LayeredKey("model.kernel_constraint", HIDDEN, CONSTRAINT, is_named_or_null),
    LayeredKey("model.input_dropout", INPUT, RATE, is_rate),
    LayeredKey("model.conv.kernel_size", CONVOLUTIONS, WHOLE, is_whole),
    LayeredKey("model.conv.strides", CONVOLUTIONS, WHOLE, is_whole),
    LayeredKey("model.conv.padding", CONVOLUTIONS, PADDING, is_padding),
    LayeredKey("model.conv.separable", CONVOLUTIONS, BOOL, is_bool),
    LayeredKey("model.conv.activation", CONVOLUTIONS, ACTIVATION, is_name),
    LayeredKey("model.conv.batch_norm", CONVOLUTIONS, BOOL, is_bool),
    LayeredKey("model.conv.normalization", CONVOLUTIONS, NORMALIZATION, is_normalization),
    LayeredKey("model.conv.dropout", CONVOLUTIONS, RATE, is_rate),
    LayeredKey("model.conv.kernel_regularizer", CONVOLUTIONS, REGULARIZER, is_named_or_null),
    LayeredKey("model.conv.kernel_constraint", CONVOLUTIONS, CONSTRAINT, is_named_or_null),
    LayeredKey("model.conv.pool", POOLINGS, POOL, is_pool),
    LayeredKey("model.conv.pool_size", POOLINGS, WHOLE, is_whole),
    LayeredKey("model.conv.pool_padding", POOLINGS, PADDING, is_padding),
)
DEFINING = ("model.hidden", "model.conv.filters")  # their own length is the number of layers


def value_of(model: Model, key: str) -> Any:
    """The value of a key such as `model.conv.dropout`, as it was written.

    Args:
        model: The model of a config.
        key: One of the keys of `LAYERED_KEYS`.
    """
    return reduce(getattr, key.split(".")[1:], model)


def entries(model: Model, key: str) -> list[Any]:
    """The values of a key, one for each layer.

    Args:
        model: The model of a config.
        key: One of the keys of `LAYERED_KEYS`.
    """
    kind = next(layered.kind for layered in LAYERED_KEYS if layered.key == key)
    return per_layer(value_of(model, key), kind.count(model))


def kernel_count(model: Model) -> int:
    """Number of kernels that `initializer` draws: of convolutions, then of hidden layers; not of the output."""
    return CONVOLUTIONS.count(model) + HIDDEN.count(model)


def entry_counts(config: Config) -> dict[str, int]:
    """How many entries a list has of each key with one entry per layer, with the keywords of the initializer."""
    return {
        **{layered.key: layered.kind.count(config.model) for layered in LAYERED_KEYS if layered.kind is not INPUT},
        **{f"initializer.{key}": kernel_count(config.model) for key in config.initializer if key != "name"},
    }


def per_layer(value: Any, layers: int) -> list[Any]:
    """One entry per layer: a list as it stands, a scalar repeated."""
    return list(value) if isinstance(value, (list, tuple)) else [value] * layers
