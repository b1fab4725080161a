"""What a built network consists of, read back from its layers: counts, work, effective settings."""

from __future__ import annotations

from collections.abc import Mapping
from math import prod
from typing import Any

import keras

from mnist_sweeps.models import precision


def parameters(model: keras.Model) -> dict[str, int]:
    """Numbers of weights: total, trainable, non-trainable (batch norm's moving averages)."""
    return {
        "total": model.count_params(),
        "trainable": sum(prod(weight.shape) for weight in model.trainable_weights),
        "non_trainable": sum(prod(weight.shape) for weight in model.non_trainable_weights),
    }


CONVOLUTIONS = (keras.layers.Conv2D, keras.layers.SeparableConv2D)
KERNELS = ("kernel", "depthwise_kernel", "pointwise_kernel")  # of dense layers and convolutions, of separable ones


def multiplies(model: keras.Model, kinds: Any = (keras.layers.Dense, *CONVOLUTIONS)) -> int:
    """Multiply-accumulates of one image's forward pass in the kernels; a training step costs three times that.

    Args:
        model: A built network.
        kinds: The classes of the layers that count.
    """
    total = 0
    for layer in model.layers:
        if isinstance(layer, kinds):
            positions = prod(layer.output.shape[1:3]) if isinstance(layer, CONVOLUTIONS) else 1
            total += positions * sum(prod(kernel.shape) for kernel in kernels(layer).values())
    return total


def kernels(layer: keras.Layer) -> dict[str, Any]:
    """The kernels of a layer by the names that Keras gives them."""
    return {name: getattr(layer, name) for name in KERNELS if hasattr(layer, name)}


def effective(model: keras.Model) -> dict[str, Any]:
    """What was really built, read back from the layers: `input_shape`, `layers`, and by layer name `initializers`.

    A separable convolution has one for each kernel: `conv_1/depthwise`, `conv_1/pointwise`. A layer that adds outputs
    of others has their names as `adds`; only a functional model has such layers. `regularizers` and `constraints`, by
    layer name too, are there where a layer has one; `precision` where it is mixed.
    """
    layers: list[dict[str, Any]] = []
    objects: dict[str, dict[str, Any]] = {"initializer": {}, "regularizer": {}, "constraint": {}}
    for layer in model.layers:
        if isinstance(layer, keras.layers.InputLayer):  # a functional model counts it among its layers
            continue
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
                **({"adds": _added(layer)} if isinstance(layer, keras.layers.Add) else {}),
            }
        )
        for kind, of_kernels in objects.items():
            of_kernels |= _of_kernels(layer, kind)
    return {
        "input_shape": list(model.input_shape[1:]),
        "layers": layers,
        "initializers": objects.pop("initializer"),
        **{f"{kind}s": of_kernels for kind, of_kernels in objects.items() if of_kernels},
        **({"precision": policy} if (policy := precision.effective(model)) else {}),
    }


def _of_kernels(layer: keras.Layer, what: str) -> dict[str, Any]:
    """The Keras object of each kernel, such as its regularizer, by layer name; without kernels that have none."""
    settings = layer.get_config()
    named = {}
    for kernel in kernels(layer):
        kind = kernel.removesuffix("kernel").rstrip("_")
        if serialized := settings[f"{kind or 'kernel'}_{what}"]:
            named[f"{layer.name}/{kind}" if kind else layer.name] = _named(serialized)
    return named


def _added(layer: keras.Layer) -> list[str]:
    """The names of the layers whose outputs it adds."""
    return [tensor._keras_history.operation.name for tensor in layer.input]


def _named(serialized: Mapping[str, Any]) -> dict[str, Any]:
    """A Keras object as `{name: L2, l2: 0.0001}`."""
    return {"name": serialized["class_name"], **serialized["config"]}
