"""The layers of a network in blocks: a kernel with what follows it, each with the settings that make it."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import Any

import keras

from mnist_sweeps.models.keras_classes import snake_case
from mnist_sweeps.models.keras_objects import NORMALIZATIONS
from mnist_sweeps.models.layer_settings import CONVOLUTIONS, LayerSettings
from mnist_sweeps.models.object_settings import keywords, object_settings

ACTIVATIONS = ("Activation", "ReLU", "LeakyReLU", "PReLU", "ELU", "Softmax")
POOLINGS = {"MaxPooling2D": "max", "AveragePooling2D": "average"}
TO_FEATURES = {"Flatten": None, "GlobalMaxPooling2D": "max", "GlobalAveragePooling2D": "average"}

Remaining = deque[LayerSettings]


@dataclass
class Blocks:
    """The settings of each block of convolutions and of dense layers, the output among these; and what is between."""

    input_dropout: float = 0.0
    convolutions: list[dict[str, Any]] = field(default_factory=list)
    global_pooling: str | None = None
    dense: list[dict[str, Any]] = field(default_factory=list)
    rest: Remaining = field(default_factory=deque)  # layers from the first one that is in no block


def blocks(layers: list[LayerSettings]) -> Blocks:
    """The blocks of a network.

    Args:
        layers: As `layer_settings` gives them.
    """
    remaining = deque(layers)
    found = Blocks(rest=remaining)
    if dropout := _take(remaining, "Dropout"):
        found.input_dropout = dropout.settings["rate"]
    while layer := _take(remaining, *CONVOLUTIONS):
        found.convolutions.append(_block(layer, remaining))
    if found.convolutions and (to_features := _take(remaining, *TO_FEATURES)):
        found.global_pooling = TO_FEATURES[to_features.kind]
    while layer := _take(remaining, "Dense"):
        found.dense.append(_block(layer, remaining))
    return found


def _take(remaining: Remaining, *kinds: str) -> LayerSettings | None:
    """Removes the next layer and returns it, if it is of one of these kinds."""
    return remaining.popleft() if remaining and remaining[0].kind in kinds else None


def _block(layer: LayerSettings, remaining: Remaining) -> dict[str, Any]:
    """The settings of a kernel and of what follows it: activation, normalization, pooling, dropout, in this order."""
    settings = layer.settings
    block = {
        "layer": layer,
        "activation": settings["activation"],
        "batch_norm": False,
        "normalization": None,
        "dropout": 0.0,
        "kernel_regularizer": object_settings(keras.regularizers, settings[f"{layer.kernel}_regularizer"]),
        "kernel_constraint": object_settings(keras.constraints, settings[f"{layer.kernel}_constraint"]),
    }
    if len(remaining) > 1 and _is_normalization(remaining[0]) and remaining[1].kind in ACTIVATIONS:
        block["normalization"] = {**_named(remaining.popleft()), "position": "before"}
    if settings["activation"] == "linear" and (activation := _take(remaining, *ACTIVATIONS)):
        function = activation.settings.get("activation")
        block["activation"] = _named(activation) if function is None else function
    if remaining and _is_normalization(remaining[0]) and block["normalization"] is None:
        normalization = _named(remaining.popleft())
        block["batch_norm"] = normalization == {"name": "batch_normalization"}
        block["normalization"] = None if block["batch_norm"] else normalization
    if layer.kind in CONVOLUTIONS:
        block["separable"] = layer.kind == "SeparableConv2D"
        block |= {"filters": settings["filters"], "kernel_size": settings["kernel_size"][0]}
        block |= {"strides": settings["strides"][0], "padding": settings["padding"]}
        if pooling := _take(remaining, *POOLINGS):
            size, padding = pooling.settings["pool_size"][0], pooling.settings["padding"]
            block |= {"pool": POOLINGS[pooling.kind], "pool_size": size, "pool_padding": padding}
    if dropout := _take(remaining, "Dropout"):
        block["dropout"] = dropout.settings["rate"]
    return block


def _is_normalization(layer: LayerSettings) -> bool:
    return snake_case(layer.kind) in NORMALIZATIONS


def _named(layer: LayerSettings) -> dict[str, Any]:
    return {"name": snake_case(layer.kind), **keywords(getattr(keras.layers, layer.kind), layer.settings)}
