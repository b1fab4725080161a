"""The settings of a variant whose network is that of a `keras.Sequential`: what `network.build` does, the other way.

The settings are proved by the network that they build: where it differs from the model, the layer is named.
"""

from __future__ import annotations

from dataclasses import asdict, replace
from itertools import zip_longest
from math import prod
from typing import Any

import keras

from mnist_sweeps.config.allowed import CROSSENTROPY, FULL, LOSSES
from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.config.schema import Config, Conv, Model
from mnist_sweeps.config.validate import check
from mnist_sweeps.models import keras_objects, loss_scaling, network, precision
from mnist_sweeps.models.layer_blocks import Blocks, blocks
from mnist_sweeps.models.layer_settings import LayerSettings, is_linear, layer_settings
from mnist_sweeps.models.object_settings import object_settings, optimizer_settings

ORDER = "expected [Dropout], convolutions, Flatten, dense layers, each with activation, normalization, pooling, Dropout"
SHARED = ("activation", "batch_norm", "normalization", "dropout", "kernel_regularizer", "kernel_constraint")
POOLING = ("pool", "pool_size", "pool_padding")
ALWAYS = ("hidden", "activation", "batch_norm", "dropout")  # options of the group `model` set these
SAME_LOSS = {"sparse_categorical_crossentropy": CROSSENTROPY}  # of digits instead of one-hot labels


def sequential_settings(model: keras.Sequential) -> dict[str, Any]:
    """The settings by section: `model`, `initializer`, and where they are not the defaults `output_initializer`,
    `precision`; of a compiled model `optimizer` and `training`, too.

    Raises:
        ConfigError: A layer, or a setting of one, of the optimizer or the loss, that no key of this package describes.
    """
    if not isinstance(model, keras.Sequential):
        raise ConfigError(f"{type(model).__name__}: expected a keras.Sequential; a network with branches has no keys")
    if not model.built:
        raise ConfigError(
            "Sequential: has no input shape; begin it with keras.Input((28, 28, 1)) or keras.Input((784,))"
        )
    layers, logits = layer_settings(model), _gives_logits(model)
    if logits:
        layers[-1] = replace(layers[-1], settings={**layers[-1].settings, "activation": "softmax"})
    found = blocks(layers)
    if found.rest or not found.dense:
        which = f"{found.rest[0]}: no key describes it at this place" if found.rest else "there is no Dense output"
        raise ConfigError(f"{which}; {ORDER}")
    output: LayerSettings = found.dense.pop()["layer"]
    kernels = [block["layer"] for block in (*found.convolutions, *found.dense)]
    config = Config(
        model=_model(found),
        initializer=_initializers(kernels),
        output_initializer=_initializers([output]),
        precision=precision.effective(model) or FULL,
    )
    check(config)
    shape = model.input_shape[1:3] if found.convolutions else (prod(model.input_shape[1:]),)
    _compare(layers, layer_settings(network.build(config, shape, 0, output.settings.get("units", 0))))
    return {**_sections(config), **(_training(model, logits, config.precision) if model.compiled else {})}


def _gives_logits(model: keras.Sequential) -> bool:
    """Whether the loss applies the softmax that the output leaves out; the settings then have it in the output."""
    loss = keras.losses.get(model.loss) if model.compiled else None
    from_logits = isinstance(loss, keras.losses.Loss) and loss.get_config().get("from_logits", False)
    layers = layer_settings(model)
    return bool(from_logits and layers and layers[-1].kind == "Dense" and is_linear(layers[-1]))


def _model(found: Blocks) -> Model:
    dense, convolutions = found.dense, found.convolutions
    pooled = [place for place, block in enumerate(convolutions, start=1) if "pool" in block]
    conv = Conv(
        filters=[block["filters"] for block in convolutions],
        pool_after=pooled,
        global_pooling=found.global_pooling,
        **_per_layer(convolutions, ("kernel_size", "strides", "padding", "separable", *SHARED)),
        **_per_layer([convolutions[place - 1] for place in pooled], POOLING),
    )
    hidden = [block["layer"].settings["units"] for block in dense]
    return Model(hidden=hidden, input_dropout=found.input_dropout, conv=conv, **_per_layer(dense, SHARED))


def _per_layer(of: list[dict[str, Any]], keys: tuple[str, ...]) -> dict[str, Any]:
    """The value of each key, one for all blocks where they share it; no key where there are no blocks."""
    return {key: _collapsed([block[key] for block in of]) for key in keys} if of else {}


def _collapsed(values: list[Any]) -> Any:
    return values[0] if all(value == values[0] for value in values) else values


def _initializers(layers: list[LayerSettings]) -> dict[str, Any]:
    """The initializer of several kernels, a list for each keyword in which they differ."""
    if not layers:
        return Config().initializer
    named = [object_settings(keras.initializers, _initializer(layer)) or {} for layer in layers]
    for layer, other in zip(layers, named, strict=True):
        if other["name"] != named[0]["name"]:
            raise ConfigError(
                f"{layer}: kernel_initializer={other['name']}: {layers[0]} has {named[0]['name']}; initializer.name is "
                "one for all layers before the output"
            )
    full = [_initializer(layer)["config"] for layer in layers]
    differing = dict.fromkeys(key for other in named for key in other if key != "name")
    return {"name": named[0]["name"], **{key: _collapsed([config[key] for config in full]) for key in differing}}


def _initializer(layer: LayerSettings) -> dict[str, Any]:
    initializer: dict[str, Any] = layer.settings[f"{layer.kernel}_initializer"]
    return initializer


def _compare(layers: list[LayerSettings], built: list[LayerSettings]) -> None:
    """Refuses layers that differ from those that the settings build."""
    for layer, ours in zip_longest(layers, built):
        if layer is None or ours is None or layer.kind != ours.kind:
            raise ConfigError(f"{layer or 'the end'}: the settings build {ours.kind if ours else 'nothing'} there")
        for key, value in layer.settings.items():
            if value != ours.settings.get(key):
                raise ConfigError(
                    f"{layer}: {key}={_text(value)}: no key sets it; expected {_text(ours.settings.get(key))}"
                )


def _text(value: Any) -> Any:
    """A Keras object as its name and keywords, anything else as it is."""
    if isinstance(value, dict) and "class_name" in value:
        return {"name": value["class_name"], **value["config"]}
    return str(value).lower() if isinstance(value, bool) else value


def _sections(config: Config) -> dict[str, Any]:
    """What differs from the defaults, and what the options of the groups set."""
    model = {**_differing(config.model, Model(), ALWAYS), "conv": _differing(config.model.conv, Conv())}
    others = {"output_initializer": config.output_initializer, "precision": config.precision}
    return {
        "model": {key: value for key, value in model.items() if key != "conv" or value},
        "initializer": config.initializer,
        **{key: value for key, value in others.items() if value != getattr(Config(), key)},
    }


def _differing(section: Any, default: Any, always: tuple[str, ...] = ()) -> dict[str, Any]:
    values, defaults = asdict(section), asdict(default)
    return {key: value for key, value in values.items() if key in always or value != defaults[key]}


def _training(model: keras.Sequential, logits: bool, policy: str) -> dict[str, Any]:
    """The optimizer and the loss of a compiled model.

    Args:
        model: The model.
        logits: Whether its loss is of logits, which are probabilities in the settings.
        policy: The dtype policy of its layers.
    """
    if not loss_scaling.is_default(model.optimizer, policy):
        raise ConfigError(
            f"optimizer={type(model.optimizer).__name__}: no key sets its loss scaling; expected that of Keras in "
            f"mixed_float16, and none in {FULL} and mixed_bfloat16"
        )
    compiled = loss_scaling.unscaled(model.optimizer)
    optimizer = optimizer_settings(compiled)
    made = keras_objects.optimizer(optimizer).get_config()
    for key, value in compiled.get_config().items():
        if key != "name" and value != made.get(key):
            raise ConfigError(f"optimizer={optimizer['name']}: {key}={value}: no key sets it; expected {made.get(key)}")
    loss, settings = _loss(model.loss, logits)
    training = {"loss": loss, **settings}
    return {"optimizer": optimizer, "training": training}


def _loss(loss: Any, logits: bool) -> tuple[str, dict[str, Any]]:
    """The name of a loss, and its keywords that differ from their defaults; without `from_logits` of logits."""
    found = keras.losses.get(loss)
    if isinstance(found, keras.losses.Loss):
        serialized = {"class_name": type(found).__name__, "config": found.get_config()}
        settings = object_settings(keras.losses, serialized) or {}
    else:
        settings = {"name": getattr(found, "__name__", str(found))}
    name = settings.pop("name")
    if logits:
        del settings["from_logits"]
    name = SAME_LOSS.get(name, name)
    if name not in LOSSES:
        raise ConfigError(f"loss={name}: no key sets it; expected one of {', '.join(LOSSES)}")
    for key, value in settings.items():
        if key != "label_smoothing":
            raise ConfigError(f"loss={name}: {key}={_text(value)}: no key sets it; expected its default")
    return name, settings
