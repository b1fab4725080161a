"""The layers of a Sequential model as plain data, in the order of layers that this package builds."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from math import isclose
from typing import Any

import keras

CONVOLUTIONS = ("Conv2D", "SeparableConv2D")
KERNELS = ("Dense", *CONVOLUTIONS)
NOT_COMPARED = ("name", "seed")


@dataclass(frozen=True)
class LayerSettings:
    """A layer: its place in the model (from 0), name and class, and what its `get_config` says as JSON has it."""

    index: int
    name: str
    kind: str
    settings: dict[str, Any]

    @property
    def kernel(self) -> str:
        """What the settings of its kernel begin with; a separable convolution has two, a depthwise one first."""
        return "depthwise" if self.kind == "SeparableConv2D" else "kernel"

    def __str__(self) -> str:
        """`layer 3 (dense_2, Dense)`."""
        return f"layer {self.index} ({self.name}, {self.kind})"


def layer_settings(model: keras.Sequential) -> list[LayerSettings]:
    """The layers of a model, without differences in writing that make no other network.

    An `Activation` is part of the layer before it, dropout after `Flatten` is dropout before it, and a model that
    begins with `Flatten` takes flattened images. One that begins with `Rescaling(1 / 255)` takes what
    `preprocessing=scaled` makes of the same pixels.
    """
    layers = [_settings(index, layer) for index, layer in enumerate(model.layers)]
    while layers and (layers[0].kind == "Flatten" or _is_scaling(layers[0])):
        layers = layers[1:]
    plain: list[LayerSettings] = []
    for layer in layers:
        before = plain[-1] if plain else None
        if before and layer.kind == "Activation" and is_linear(before):
            plain[-1] = replace(before, settings={**before.settings, "activation": layer.settings["activation"]})
        elif before and (before.kind, layer.kind) == ("Flatten", "Dropout"):
            plain.insert(-1, layer)
        else:
            plain.append(layer)
    return plain


def _settings(index: int, layer: keras.Layer) -> LayerSettings:
    settings = {key: value for key, value in layer.get_config().items() if key not in NOT_COMPARED}
    kind = type(layer).__name__
    if kind in KERNELS:
        settings["output_shape"] = layer.output.shape[1:]
    for initializer in (value for key, value in settings.items() if key.endswith("_initializer")):
        if isinstance(initializer, dict):
            initializer["config"].pop("seed", None)
    return LayerSettings(index, layer.name, kind, json.loads(json.dumps(settings, default=str)))


def _is_scaling(layer: LayerSettings) -> bool:
    """Whether a layer divides pixels by 255, and does nothing else."""
    settings = layer.settings
    return layer.kind == "Rescaling" and settings["offset"] == 0 and isclose(settings["scale"], 1 / 255, rel_tol=1e-6)


def is_linear(layer: LayerSettings) -> bool:
    """Whether a layer with a kernel has no activation."""
    return layer.kind in KERNELS and layer.settings["activation"] == "linear"
