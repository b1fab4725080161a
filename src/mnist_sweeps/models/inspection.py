"""What a built network consists of, read back from its layers: counts, work, effective settings."""

from __future__ import annotations

from collections.abc import Mapping
from math import prod
from typing import Any

import keras

from mnist_sweeps.models import precision


def parameters(model: keras.Sequential) -> dict[str, int]:
    """Numbers of weights: total, trainable, non-trainable (batch norm's moving averages)."""
    return {
        "total": model.count_params(),
        "trainable": sum(prod(weight.shape) for weight in model.trainable_weights),
        "non_trainable": sum(prod(weight.shape) for weight in model.non_trainable_weights),
    }


KERNELS = (keras.layers.Dense, keras.layers.Conv2D)


def multiplies(model: keras.Sequential, kernels: Any = KERNELS) -> int:
    """Multiply-accumulates of one image's forward pass in the kernels; a training step costs three times that."""
    total = 0
    for layer in model.layers:
        if isinstance(layer, kernels):
            positions = layer.output.shape[1] * layer.output.shape[2] if isinstance(layer, keras.layers.Conv2D) else 1
            total += positions * prod(layer.kernel.shape)
    return total


def effective(model: keras.Sequential) -> dict[str, Any]:
    """What was really built, read back from the layers: `input_shape`, `layers`, and by layer name `initializers`.

    `regularizers` and `constraints`, by layer name too, are there where a layer has one; `precision` where it is mixed.
    """
    layers, initializers, regularizers, constraints = [], {}, {}, {}
    for layer in model.layers:
        settings = layer.get_config()
        kept: tuple[str, ...] = (
            "units",
            "filters",
            "kernel_size",
            "pool_size",
            "strides",
            "padding",
            "activation",
            "rate",
            "momentum",
            "epsilon",
            "negative_slope",
        )
        if isinstance(layer, keras.layers.GroupNormalization):  # a convolution has one group, always
            kept = (*kept, "groups")
        layers.append(
            {
                "class": type(layer).__name__,
                "name": layer.name,
                **{key: settings[key] for key in kept if key in settings},
                "output_shape": list(layer.output.shape[1:]),
                "parameters": layer.count_params(),
            }
        )
        if "kernel_initializer" in settings:
            initializers[layer.name] = _named(settings["kernel_initializer"])
        if settings.get("kernel_regularizer"):
            regularizers[layer.name] = _named(settings["kernel_regularizer"])
        if settings.get("kernel_constraint"):
            constraints[layer.name] = _named(settings["kernel_constraint"])
    return {
        "input_shape": list(model.input_shape[1:]),
        "layers": layers,
        "initializers": initializers,
        **({"regularizers": regularizers} if regularizers else {}),
        **({"constraints": constraints} if constraints else {}),
        **({"precision": policy} if (policy := precision.effective(model)) else {}),
    }


def _named(serialized: Mapping[str, Any]) -> dict[str, Any]:
    """A Keras object as `{name: L2, l2: 0.0001}`."""
    return {"name": serialized["class_name"], **serialized["config"]}
