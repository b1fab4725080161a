"""Preprocessing as layers of Keras in front of a trained network, so that the model takes raw images."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from math import prod
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.config.schema import Config
from mnist_sweeps.data import preprocessing
from mnist_sweeps.models.loss_scaling import optimizer_of
from mnist_sweeps.models.schedule import without_warm_up

Learned = Mapping[str, NDArray[Any]]
Shape = tuple[int, int]  # of one raw image: height and width


def with_preprocessing(network: keras.Model, config: Config, learned: Learned, shape: Shape = (28, 28)) -> keras.Model:
    """The trained network behind the layers of its preprocessing, compiled as it was trained.

    It takes images [n, height, width] with pixels from 0 to 255, uint8 or float, and gives probabilities [n, classes].
    All layers are Keras's own, so that its file needs no code of this package. For the same reason its optimizer has no
    warm-up but that of Keras's CosineDecay.

    Args:
        network: The trained network; the layers of a Sequential become the model's, another one is a layer itself.
        config: What it was trained with.
        learned: What its preprocessing learned of the training images, as `preprocessing.Fitted` holds it.
        shape: Height and width of one raw image.

    Raises:
        ConfigError: The preprocessing gives another number of inputs than the network takes.
    """
    keywords = preprocessing.keywords(config.preprocessing)
    first = LAYERS[config.preprocessing["name"]](keywords, learned, shape)
    model = keras.Sequential([keras.Input(shape, name="digits"), *first], name="digits")
    if config.model.conv.filters:
        model.add(keras.layers.Reshape((*shape, 1), name="one_channel"))
    elif len(model.output_shape) == 3:
        model.add(keras.layers.Flatten(name="pixels"))
    if model.output_shape != network.input_shape:
        raise ConfigError(
            f"preprocessing.name={config.preprocessing['name']}: gives inputs of shape {model.output_shape[1:]}, "
            f"but the network takes {network.input_shape[1:]}"
        )
    for layer in network.layers if isinstance(network, keras.Sequential) else [network]:
        model.add(layer)
    optimizer = optimizer_of(replace(config, optimizer=without_warm_up(config.optimizer)))
    model.compile(optimizer=optimizer, loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    model.optimizer.build(model.trainable_variables)
    return model


def _scaled(keywords: Mapping[str, Any], learned: Learned, shape: Shape) -> list[keras.Layer]:
    return [_rescaling()]


def _normalized(keywords: Mapping[str, Any], learned: Learned, shape: Shape) -> list[keras.Layer]:
    """Length 1 along the axis; converted to LiteRT, UnitNormalization would divide empty lines by 0."""
    axis = keywords["axis"]
    side = shape[axis - 1]
    layer = keras.layers.RMSNormalization(axis=axis, epsilon=1e-12, trainable=False, name="normalize")
    layer.build((None, *shape))
    layer.set_weights([np.full(side, side**-0.5, np.float32)])
    return [layer]


def _pca(keywords: Mapping[str, Any], learned: Learned, shape: Shape) -> list[keras.Layer]:
    """`(pixels - mean) @ components.T` as a dense layer."""
    kernel = learned["components"].T
    return [_rescaling(), _flatten(), _fixed_dense("pca", kernel, -learned["mean"] @ kernel)]


def _forest_pixels(keywords: Mapping[str, Any], learned: Learned, shape: Shape) -> list[keras.Layer]:
    """A dense layer with a single 1 per output: Keras has no layer that selects.

    It stands before the scaling: whole numbers to 255 stay exact where a GPU multiplies with fewer digits (TF32).
    """
    kernel = np.zeros((prod(shape), len(learned["pixel"])), np.float32)
    kernel[learned["pixel"], np.arange(len(learned["pixel"]))] = 1
    return [_flatten(), _fixed_dense("chosen_pixels", kernel), _rescaling()]


def _rescaling() -> keras.Layer:
    return keras.layers.Rescaling(1 / 255, name="scale")


def _flatten() -> keras.Layer:
    return keras.layers.Flatten(name="pixels")


def _fixed_dense(name: str, kernel: NDArray[Any], bias: NDArray[Any] | None = None) -> keras.Layer:
    layer = keras.layers.Dense(kernel.shape[1], use_bias=bias is not None, trainable=False, name=name)
    layer.build((None, len(kernel)))
    layer.set_weights([kernel] if bias is None else [kernel, bias])
    return layer


LAYERS: dict[str, Callable[[Mapping[str, Any], Learned, Shape], list[keras.Layer]]] = {
    "scaled": _scaled,
    "normalize": _normalized,
    "pca": _pca,
    "forest_pixels": _forest_pixels,
}
