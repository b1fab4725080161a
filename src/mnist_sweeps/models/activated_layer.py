"""A layer with its activation inside or after it, and with a normalization between or after them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import keras

from mnist_sweeps.models import keras_objects
from mnist_sweeps.models.seeded import layer_seed

KeyedLayer = tuple[str, keras.Layer]  # and the key that describes it, for messages


def activated(key: str, layer_key: str, layer: Any, value: Any, seed: int) -> Iterator[KeyedLayer]:
    """The layer with its activation inside, or followed by it where the activation is a layer itself.

    Args:
        key: Of the activation.
        layer_key: Of the layer.
        layer: A layer without an activation.
        value: The activation, a name or a mapping.
        seed: Seed of the run.
    """
    name = f"{layer.name}_activation"
    activation = keras_objects.activation(key, value, layer_seed(seed, name))
    if isinstance(activation, keras.Layer):
        activation.name = name
        yield layer_key, layer
        yield key, activation
    else:
        layer.activation = keras.activations.get(activation)
        yield layer_key, layer


def normalized(
    key: str, spec: Mapping[str, Any] | None, layer: keras.Layer, layers: Iterator[KeyedLayer]
) -> Iterator[KeyedLayer]:
    """A layer and its activation, with the normalization of `spec` between or after them.

    Args:
        key: The section of the configuration, `model` or `model.conv`.
        spec: Its normalization, with a `position` before or after (by default) the activation; None for none.
        layer: The layer.
        layers: The layer with its activation, as `activated` gives them.
    """
    if spec is None:
        yield from layers
        return
    key, settings = f"{key}.normalization", {name: value for name, value in spec.items() if name != "position"}
    normalization = keras_objects.normalization(key, settings)
    normalization.name = f"{layer.name}_normalization"
    first, *rest = layers
    if spec.get("position", "after") == "after":
        yield from [first, *rest, (key, normalization)]
    else:
        yield first
        yield key, normalization
        yield from rest or [_apart(first[0], layer)]


def _apart(key: str, layer: Any) -> KeyedLayer:
    """The activation of a layer as a separate layer, which takes it away from the other."""
    function, layer.activation = layer.activation, keras.activations.linear
    return key, keras.layers.Activation(function, name=f"{layer.name}_activation")
