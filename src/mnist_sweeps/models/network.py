"""A config as a Keras model: named layers in blocks, a separate initializer for each, counts read back from it."""

from __future__ import annotations

import re
from math import prod
from typing import Any

import keras

from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.config.schema import Config
from mnist_sweeps.models import keras_objects, precision
from mnist_sweeps.models.activated_layer import KeyedLayer
from mnist_sweeps.models.convolution_blocks import convolution_blocks, to_features
from mnist_sweeps.models.dense_blocks import dense_blocks
from mnist_sweeps.models.seeded import dropout, layer_seed

DIGITS = 10


def build(config: Config, input_shape: tuple[int, ...], seed: int, classes: int = DIGITS) -> keras.Model:
    """The network of `config`, built but not compiled, with the weights of `seed`.

    It is a `keras.Sequential`; a functional model with `model.residual`, where the input of each block is added to its
    output if both have the same shape. A layer's weights depend only on the seed and its name: hidden_1 starts with the
    same weights with and without batch norm.

    Args:
        config: The configuration of the variant.
        input_shape: (28, 28) or another size, or (features,) after a preprocessing that selects or combines pixels.
            Dense networks take flattened images.
        seed: Seed of the initializers and of dropout.
        classes: Units of the output.

    Raises:
        ConfigError: a name or keyword that Keras does not have, a layer that does not fit its input, or residual
            connections where no block has an input and an output of one shape.
    """
    model, features = config.model, prod(input_shape)
    if model.conv.filters and len(input_shape) != 2:
        name = config.preprocessing["name"]
        raise ConfigError(f"preprocessing.name={name}: gives {features} numbers an image, but convolutions need pixels")
    graph = _Graph(keras.Input((*input_shape, 1) if model.conv.filters else (features,), name="input"))
    with precision.layers_of(config.precision):
        if model.input_dropout:
            graph.apply([("model.input_dropout", dropout(model.input_dropout, "input_dropout", seed))])
        for block in convolution_blocks(config, seed):
            graph.apply(block, model.residual)
        if model.conv.filters:
            graph.apply([to_features(model.conv)])
        for block in dense_blocks(config, seed):
            graph.apply(block, model.residual)
        graph.apply([_output(config, seed, classes)])
    if not model.residual:
        return keras.Sequential([graph.first, *graph.layers], name="mnist")
    if not any(isinstance(layer, keras.layers.Add) for layer in graph.layers):
        raise ConfigError(
            "model.residual=true: no block has an output of the shape of its input; expected equal units in "
            "model.hidden, or equal filters with padding same and neither pooling nor strides"
        )
    return keras.Model(graph.first, graph.tensor, name="mnist")


class _Graph:
    """The layers so far, and the tensor that comes out of them."""

    def __init__(self, first: Any) -> None:
        self.first = self.tensor = first
        self.layers: list[keras.Layer] = []

    def apply(self, block: list[KeyedLayer], residual: bool = False) -> None:
        """Applies layers one after another.

        Args:
            block: Each layer with the key that describes it.
            residual: Whether the input of the block is added to its output, if both have the same shape.

        Raises:
            ConfigError: A layer does not fit its input.
        """
        before = self.tensor
        for key, layer in block:
            shape = self.tensor.shape[1:]
            try:
                self.tensor = layer(self.tensor)
            except ValueError as error:
                raise ConfigError(
                    f"{key}: layer {layer.name} does not fit its input of {shape}: {_reason(error)}"
                ) from error
            self.layers.append(layer)
        if residual and before.shape == self.tensor.shape:
            add = keras.layers.Add(name=f"{block[0][1].name}_residual")
            self.tensor = add([self.tensor, before])
            self.layers.append(add)


def _output(config: Config, seed: int, classes: int) -> KeyedLayer:
    initializer = keras_objects.initializer("output_initializer", config.output_initializer, layer_seed(seed, "output"))
    dtype = precision.of_output(config.precision)
    return (
        "output_initializer",
        keras.layers.Dense(classes, activation="softmax", kernel_initializer=initializer, dtype=dtype, name="output"),
    )


def _reason(error: ValueError) -> str:
    """Keras's own words in one line, without its bold print and its list of arguments."""
    plain = re.sub(r"\x1b\[\d*m", "", str(error))
    return " ".join(re.split(r"Received|Arguments received", plain)[0].split())
