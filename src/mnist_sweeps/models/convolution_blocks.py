"""Convolutions of a network, Conv -> activation -> normalization -> pool -> dropout, and the way to dense layers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import keras

from mnist_sweeps.config.layered import entries
from mnist_sweeps.config.schema import Config, Conv, Model
from mnist_sweeps.models import keras_objects
from mnist_sweeps.models.activated_layer import KeyedLayer, activated, normalized
from mnist_sweeps.models.seeded import dropout, kernel_initializer

KEY = "model.conv"


def convolution_blocks(config: Config, seed: int) -> Iterator[list[KeyedLayer]]:
    """The layers of each block, with the key that describes each.

    Args:
        config: The configuration of the variant.
        seed: Seed of the run.
    """
    conv = config.model.conv
    poolings = dict(_poolings(config.model))
    for index in range(len(conv.filters)):
        settings = _settings(config.model, index)
        layer = _convolution(config, settings, index, seed)
        size = f"{KEY}.kernel_size={settings['kernel_size']}"
        layers = activated(f"{KEY}.activation", size, layer, settings["activation"], seed)
        block = [*normalized(KEY, settings["normalization"], layer, layers)]
        if settings["batch_norm"]:
            norm = keras.layers.BatchNormalization(name=f"{layer.name}_batch_norm")
            block.append((f"{KEY}.batch_norm", norm))
        if index + 1 in poolings:
            poolings[index + 1].name = f"{layer.name}_pool"
            block.append((f"{KEY}.pool_after={list(conv.pool_after)}", poolings[index + 1]))
        if settings["dropout"]:
            block.append((f"{KEY}.dropout", dropout(settings["dropout"], f"{layer.name}_dropout", seed)))
        yield block


def to_features(conv: Conv) -> KeyedLayer:
    """From pixels and filters to the inputs of dense layers: all values, or one for each filter."""
    if conv.global_pooling is None:
        return KEY, keras.layers.Flatten(name="flatten")
    kinds = {"max": keras.layers.GlobalMaxPooling2D, "average": keras.layers.GlobalAveragePooling2D}
    return f"{KEY}.global_pooling", kinds[conv.global_pooling](name="global_pooling")


def _settings(model: Model, index: int) -> dict[str, Any]:
    """What the keys with one entry per convolution say of one of them, counted from 0."""
    keys = (
        "filters", "kernel_size", "strides", "padding", "separable", "activation", "batch_norm", "normalization",
        "dropout", "kernel_regularizer", "kernel_constraint",
    )  # fmt: skip
    return {key: entries(model, f"{KEY}.{key}")[index] for key in keys}


def _convolution(config: Config, settings: dict[str, Any], index: int, seed: int) -> keras.Layer:
    """A convolution without an activation; a separable one has two kernels, which share all settings but their seed."""
    name = f"conv_{index + 1}"
    cls, kernels = keras.layers.Conv2D, {"kernel": name}
    if settings["separable"]:
        cls = keras.layers.SeparableConv2D
        kernels = {kind: f"{name}/{kind}" for kind in ("depthwise", "pointwise")}
    keywords: dict[str, Any] = {}
    for kind, kernel in kernels.items():
        penalty, limit = settings["kernel_regularizer"], settings["kernel_constraint"]
        keywords |= {
            f"{kind}_initializer": kernel_initializer(config, index, kernel, seed),
            f"{kind}_regularizer": keras_objects.regularizer(f"{KEY}.kernel_regularizer", penalty, rank=4),
            f"{kind}_constraint": keras_objects.constraint(f"{KEY}.kernel_constraint", limit),
        }
    return cls(
        settings["filters"],
        settings["kernel_size"],
        strides=settings["strides"],
        padding=settings["padding"],
        name=name,
        **keywords,
    )


def _poolings(model: Model) -> Iterator[tuple[int, keras.Layer]]:
    """A pooling layer for each convolution, counted from 1, that one follows."""
    kinds = {"max": keras.layers.MaxPooling2D, "average": keras.layers.AveragePooling2D}
    keys = ("model.conv.pool", "model.conv.pool_size", "model.conv.pool_padding")
    settings = zip(model.conv.pool_after, *(entries(model, key) for key in keys), strict=True)
    for after, kind, size, padding in settings:
        yield after, kinds[kind](size, padding=padding)
