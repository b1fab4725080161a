"""A config as a `keras.Sequential`: named layers, a separate initializer for each, counts read back from it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from math import prod
from typing import Any
from zlib import crc32

import keras

from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.config.layered import entries, kernel_count
from mnist_sweeps.config.schema import Config, Conv, Model, per_layer
from mnist_sweeps.models import keras_objects, precision

DIGITS = 10


def build(config: Config, input_shape: tuple[int, ...], seed: int, classes: int = DIGITS) -> keras.Sequential:
    """The network of `config`, built but not compiled, with the weights of `seed`.

    A layer's weights depend only on the seed and its name: hidden_1 starts with the same weights with and without
    batch norm.

    Args:
        config: The configuration of the variant.
        input_shape: (28, 28) or another size, or (features,) after a preprocessing that selects or combines pixels.
            Dense networks take flattened images.
        seed: Seed of the initializers and of dropout.
        classes: Units of the output.

    Raises:
        ConfigError: a name or keyword that Keras does not have, or a layer that does not fit its input.
    """
    conv, features = config.model.conv, prod(input_shape)
    if conv.filters and len(input_shape) != 2:
        name = config.preprocessing["name"]
        raise ConfigError(f"preprocessing.name={name}: gives {features} numbers an image, but convolutions need pixels")
    tensor = first = keras.Input((*input_shape, 1) if conv.filters else (features,))
    layers = []
    with precision.layers_of(config.precision):
        for key, layer in _layers(config, seed, classes):
            shape = tensor.shape[1:]
            try:
                tensor = layer(tensor)
            except ValueError as error:
                raise ConfigError(
                    f"{key}: layer {layer.name} does not fit its input of {shape}: {_reason(error)}"
                ) from error
            layers.append(layer)
    return keras.Sequential([first, *layers], name="mnist")


def _reason(error: ValueError) -> str:
    """Keras's own words in one line, without its bold print and its list of arguments."""
    plain = re.sub(r"\x1b\[\d*m", "", str(error))
    return " ".join(re.split(r"Received|Arguments received", plain)[0].split())


def _layers(config: Config, seed: int, classes: int) -> Iterator[tuple[str, keras.Layer]]:
    """Each layer with the key that describes it."""
    model = config.model
    if model.input_dropout:
        yield (
            "model.input_dropout",
            keras.layers.Dropout(model.input_dropout, seed=_derived(seed, "input_dropout"), name="input_dropout"),
        )
    if model.conv.filters:
        yield from _conv_blocks(config, model.conv, seed)
        yield _to_features(model.conv)
    yield from _dense_blocks(config, model, seed)
    output = keras_objects.initializer("output_initializer", config.output_initializer, _derived(seed, "output"))
    dtype = precision.of_output(config.precision)
    yield (
        "output_initializer",
        keras.layers.Dense(classes, activation="softmax", kernel_initializer=output, dtype=dtype, name="output"),
    )


def _to_features(conv: Conv) -> tuple[str, keras.Layer]:
    """From pixels and filters to the inputs of dense layers: all values, or one for each filter."""
    if conv.global_pooling is None:
        return "model.conv", keras.layers.Flatten(name="flatten")
    kinds = {"max": keras.layers.GlobalMaxPooling2D, "average": keras.layers.GlobalAveragePooling2D}
    return "model.conv.global_pooling", kinds[conv.global_pooling](name="global_pooling")


def _conv_blocks(config: Config, conv: Conv, seed: int) -> Iterator[tuple[str, keras.Layer]]:
    model = config.model
    sizes, paddings = entries(model, "model.conv.kernel_size"), entries(model, "model.conv.padding")
    strides, poolings = entries(model, "model.conv.strides"), dict(_poolings(model))
    specs, limits = entries(model, "model.conv.normalization"), entries(model, "model.conv.kernel_constraint")
    norms, rates = entries(model, "model.conv.batch_norm"), entries(model, "model.conv.dropout")
    activations, penalties = entries(model, "model.conv.activation"), entries(model, "model.conv.kernel_regularizer")
    for index, (filters, activation) in enumerate(zip(conv.filters, activations, strict=True)):
        name, key = f"conv_{index + 1}", "model.conv"
        layer = keras.layers.Conv2D(
            filters,
            sizes[index],
            strides=strides[index],
            padding=paddings[index],
            kernel_initializer=_kernel(config, index, name, seed),
            kernel_regularizer=keras_objects.regularizer(f"{key}.kernel_regularizer", penalties[index], rank=4),
            kernel_constraint=keras_objects.constraint(f"{key}.kernel_constraint", limits[index]),
            name=name,
        )
        size = f"{key}.kernel_size={sizes[index]}"
        yield from _normalized(key, specs[index], layer, _activated(f"{key}.activation", size, layer, activation, seed))
        if norms[index]:
            yield f"{key}.batch_norm", keras.layers.BatchNormalization(name=f"{name}_batch_norm")
        if index + 1 in poolings:
            poolings[index + 1].name = f"{name}_pool"
            yield f"{key}.pool_after={list(conv.pool_after)}", poolings[index + 1]
        if rates[index]:
            yield f"{key}.dropout", _dropout(rates[index], name, seed)


def _poolings(model: Model) -> Iterator[tuple[int, keras.Layer]]:
    """A pooling layer for each convolution, counted from 1, that one follows."""
    kinds = {"max": keras.layers.MaxPooling2D, "average": keras.layers.AveragePooling2D}
    keys = ("model.conv.pool", "model.conv.pool_size", "model.conv.pool_padding")
    settings = zip(model.conv.pool_after, *(entries(model, key) for key in keys), strict=True)
    for after, kind, size, padding in settings:
        yield after, kinds[kind](size, padding=padding)


def _normalized(
    key: str, spec: Mapping[str, Any] | None, layer: keras.Layer, activated: Iterator[tuple[str, keras.Layer]]
) -> Iterator[tuple[str, keras.Layer]]:
    """A layer and its activation, with the normalization of `spec` between or after them.

    Args:
        key: The section of the configuration, `model` or `model.conv`.
        spec: Its normalization, with a `position` before or after (by default) the activation; None for none.
        layer: The layer.
        activated: The layer with its activation, as `_activated` gives them.
    """
    if spec is None:
        yield from activated
        return
    key, settings = f"{key}.normalization", {name: value for name, value in spec.items() if name != "position"}
    normalization = keras_objects.normalization(key, settings)
    normalization.name = f"{layer.name}_normalization"
    layers = list(activated)
    if spec.get("position", "after") == "after":
        yield from [*layers, (key, normalization)]
    else:
        yield layers[0][0], layer
        yield key, normalization
        yield from layers[1:] or [_apart(layers[0][0], layer)]


def _apart(key: str, layer: Any) -> tuple[str, keras.Layer]:
    """The activation of a layer as a separate layer, which takes it away from the other."""
    function, layer.activation = layer.activation, keras.activations.linear
    return key, keras.layers.Activation(function, name=f"{layer.name}_activation")


def _dense_blocks(config: Config, model: Model, seed: int) -> Iterator[tuple[str, keras.Layer]]:
    before = len(model.conv.filters)
    norms, rates = entries(model, "model.batch_norm"), entries(model, "model.dropout")
    activations, penalties = entries(model, "model.activation"), entries(model, "model.kernel_regularizer")
    specs, limits = entries(model, "model.normalization"), entries(model, "model.kernel_constraint")
    for index, (units, activation) in enumerate(zip(model.hidden, activations, strict=True)):
        name = f"hidden_{index + 1}"
        layer = keras.layers.Dense(
            units,
            kernel_initializer=_kernel(config, before + index, name, seed),
            kernel_regularizer=keras_objects.regularizer("model.kernel_regularizer", penalties[index], rank=2),
            kernel_constraint=keras_objects.constraint("model.kernel_constraint", limits[index]),
            name=name,
        )
        activated = _activated("model.activation", "model.hidden", layer, activation, seed)
        yield from _normalized("model", specs[index], layer, activated)
        if norms[index]:
            yield "model.batch_norm", keras.layers.BatchNormalization(name=f"{name}_batch_norm")
        if rates[index]:
            yield "model.dropout", _dropout(rates[index], name, seed)


def _activated(key: str, layer_key: str, layer: Any, value: Any, seed: int) -> Iterator[tuple[str, keras.Layer]]:
    """The layer with its activation inside, or followed by it where the activation is a layer itself."""
    name = f"{layer.name}_activation"
    activation = keras_objects.activation(key, value, _derived(seed, name))
    if isinstance(activation, keras.Layer):
        activation.name = name
        yield layer_key, layer
        yield key, activation
    else:
        layer.activation = keras.activations.get(activation)
        yield layer_key, layer


def _dropout(rate: float, name: str, seed: int) -> keras.Layer:
    return keras.layers.Dropout(rate, seed=_derived(seed, f"{name}_dropout"), name=f"{name}_dropout")


def _kernel(config: Config, index: int, name: str, seed: int) -> keras.initializers.Initializer:
    """The initializer of one kernel; a keyword that is a list holds one entry per layer, convolutions first."""
    keywords = {}
    layers = kernel_count(config.model)
    for keyword, value in config.initializer.items():
        if isinstance(value, (list, tuple)) and len(value) != layers:
            raise ConfigError(
                f"initializer.{keyword}={list(value)}: {len(value)} entries for {layers} layers; "
                "give one for each, or a single value"
            )
        keywords[keyword] = per_layer(value, layers)[index]
    return keras_objects.initializer("initializer", keywords, _derived(seed, name))


def _derived(seed: int, name: str) -> int:
    """A 31-bit seed for one layer; crc32 because Python's own hash differs from process to process."""
    return crc32(f"{seed}/{name}".encode()) & 0x7FFFFFFF
