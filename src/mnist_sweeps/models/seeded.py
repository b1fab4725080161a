"""What of a network is drawn from the seed of a run: initial kernels, dropout, noise."""

from __future__ import annotations

from zlib import crc32

import keras

from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.config.layered import kernel_count, per_layer
from mnist_sweeps.config.schema import Config
from mnist_sweeps.models import keras_objects


def layer_seed(seed: int, name: str) -> int:
    """A 31-bit seed for one layer; crc32 because Python's own hash differs from process to process.

    Args:
        seed: Seed of the run.
        name: Of the layer.
    """
    return crc32(f"{seed}/{name}".encode()) & 0x7FFFFFFF


def kernel_initializer(config: Config, index: int, name: str, seed: int) -> keras.initializers.Initializer:
    """The initializer of one kernel; a keyword that is a list holds one entry per layer, convolutions first.

    Args:
        config: It has the `initializer` of all kernels but the output's.
        index: The place of the layer among them, from 0.
        name: Of the layer, or of one of its kernels where it has two.
        seed: Seed of the run.

    Raises:
        ConfigError: a name or keyword that Keras does not have, or a list for another number of layers.
    """
    keywords = {}
    layers = kernel_count(config.model)
    for keyword, value in config.initializer.items():
        if isinstance(value, (list, tuple)) and len(value) != layers:
            raise ConfigError(
                f"initializer.{keyword}={list(value)}: {len(value)} entries for {layers} layers; "
                "give one for each, or a single value"
            )
        keywords[keyword] = per_layer(value, layers)[index]
    return keras_objects.initializer("initializer", keywords, layer_seed(seed, name))


def dropout(rate: float, name: str, seed: int) -> keras.Layer:
    """A dropout layer.

    Args:
        rate: Share of the values that are dropped.
        name: Of the layer.
        seed: Seed of the run.
    """
    return keras.layers.Dropout(rate, seed=layer_seed(seed, name), name=name)
