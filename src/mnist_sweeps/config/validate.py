"""Which configs make sense: each fault is a line that names key, value and way out."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from typing import Any

from mnist_sweeps.config.allowed import DEVICE, PADDINGS, VALIDATION_WORDS, WORDS
from mnist_sweeps.config.errors import ConfigError, nearest
from mnist_sweeps.config.schema import Config, Data, Model, per_layer, seed_list

MOST_FOLDS = 60_000


def check(config: Config) -> None:
    """Refuses what no model or data set could satisfy, before anything is built.

    Raises:
        ConfigError: one line per fault, as `key=value: what is allowed`.
    """
    faults = [*_model_faults(config.model), *_data_faults(config.data), *_training_faults(config)]
    for key in ("optimizer", "initializer", "output_initializer", "preprocessing"):
        named = getattr(config, key)
        if not isinstance(named.get("name"), str):
            faults.append(
                f"{key}.name={named.get('name')}: expected a name in words (quote it if YAML reads it otherwise)"
            )
    if faults:
        raise ConfigError("\n".join(faults))


Test = Callable[[Any], bool]


def is_whole(value: Any, least: int = 1) -> bool:
    """Whether `value` is an integer of at least `least` (True is no integer here)."""
    return isinstance(value, int) and not isinstance(value, bool) and value >= least


def _rate(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value < 1


def _layer_faults(key: str, value: Any, layers: int, test: Test, allowed: str, unit: str) -> Iterator[str]:
    entries = per_layer(value, layers)
    if isinstance(value, (list, tuple)) and len(entries) != layers:
        yield f"{key}={value}: {len(entries)} entries for {layers} {unit}; give one for each, or a single value"
    yield from dict.fromkeys(f"{key}={entry}: expected {allowed}" for entry in entries if not test(entry))


def _model_faults(model: Model) -> Iterator[str]:
    conv, dense = model.conv, len(model.hidden)
    convs, pools = len(conv.filters), len(conv.pool_after)
    whole, rate = "a whole number of at least 1", "a rate of at least 0 and below 1"
    for key, widths in (("model.hidden", model.hidden), ("model.conv.filters", conv.filters)):
        yield from _layer_faults(key, widths, len(widths), is_whole, whole, "layers")
    hidden, convolutions = "hidden layers (model.hidden)", "convolutions (model.conv.filters)"
    yield from _layer_faults(
        "model.activation", model.activation, dense, _is_name, "a name of a Keras activation", hidden
    )
    yield from _layer_faults("model.batch_norm", model.batch_norm, dense, _is_bool, "true or false", hidden)
    yield from _layer_faults("model.dropout", model.dropout, dense, _rate, rate, hidden)
    yield from _layer_faults("model.input_dropout", model.input_dropout, 1, _rate, rate, "input")
    yield from _layer_faults("model.conv.kernel_size", conv.kernel_size, convs, is_whole, whole, convolutions)
    yield from _layer_faults("model.conv.padding", conv.padding, convs, _is_padding, "valid or same", convolutions)
    yield from _layer_faults(
        "model.conv.activation", conv.activation, convs, _is_name, "a name of a Keras activation", convolutions
    )
    yield from _layer_faults("model.conv.batch_norm", conv.batch_norm, convs, _is_bool, "true or false", convolutions)
    yield from _layer_faults("model.conv.dropout", conv.dropout, convs, _rate, rate, convolutions)
    yield from _layer_faults(
        "model.conv.pool_padding",
        conv.pool_padding,
        pools,
        _is_padding,
        "valid or same",
        "poolings (model.conv.pool_after)",
    )
    if len(set(conv.pool_after)) < pools or not all(is_whole(layer) and layer <= convs for layer in conv.pool_after):
        yield f"model.conv.pool_after={conv.pool_after}: expected different layers from 1 to {convs}"


def _is_share(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value <= 1


def _is_name(value: Any) -> bool:
    """Whether `value` is a name, or one with keywords: `{name: leaky_relu, negative_slope: 0.1}`."""
    return isinstance(value.get("name") if isinstance(value, dict) else value, str)


def _is_bool(value: Any) -> bool:
    return isinstance(value, bool)


def _is_padding(value: Any) -> bool:
    return value in PADDINGS


def _data_faults(data: Data) -> Iterator[str]:
    for key, size in (("train_size", data.train_size), ("test_size", data.test_size)):
        if size is not None and not is_whole(size, least=10):
            yield f"data.{key}={size}: expected at least 10 images, one for each digit"
    if data.holdout not in WORDS["data.holdout"]:
        yield f"data.holdout={data.holdout}: {nearest(data.holdout, list(WORDS['data.holdout']))}"
    value = data.validation
    if not (value in VALIDATION_WORDS or is_whole(value) or (isinstance(value, float) and 0 < value < 1)):
        yield f"data.validation={value}: expected none, test, a count of images, or a fraction between 0 and 1"
    if data.folds is not None and not is_whole(data.folds, least=2):
        yield f"data.folds={data.folds}: expected a whole number of at least 2, or null for no folds"
    elif data.folds is not None and data.folds > MOST_FOLDS:  # millions of runs would be listed before data is read
        yield f"data.folds={data.folds}: expected at most {MOST_FOLDS:,}, one of MNIST's training images in each"


def _training_faults(config: Config) -> Iterator[str]:
    training, stopping = config.training, config.training.early_stopping
    for key in ("epochs", "batch_size"):
        if not is_whole(getattr(training, key)):
            yield f"training.{key}={getattr(training, key)}: expected a whole number of at least 1"
    if stopping.patience is not None:
        allowed = list(WORDS["training.early_stopping.monitor"])
        if stopping.monitor not in allowed:
            yield f"training.early_stopping.monitor={stopping.monitor}: {nearest(stopping.monitor, allowed)}"
        elif stopping.monitor.startswith("val_") and config.data.validation == "none" and config.data.folds is None:
            yield (f"training.early_stopping.monitor={stopping.monitor}: there is no validation to watch "
                   "(data.validation=none); hold images out, or monitor loss")  # fmt: skip
        if not is_whole(stopping.patience, least=0):
            yield f"training.early_stopping.patience={stopping.patience}: expected a whole number of at least 0"
        if not math.isfinite(stopping.min_delta):
            yield f"training.early_stopping.min_delta={stopping.min_delta}: expected a finite number"
    if training.floor is not None:
        if not (isinstance(training.floor, list) and all(map(_is_share, training.floor))):
            yield f"training.floor={training.floor}: expected accuracies from 0 to 1, one an epoch: [0.5, 0.8]"
        elif config.data.validation == "none" and config.data.folds is None:
            yield f"training.floor={training.floor}: there is no validation; hold images out: data.validation=0.1"
    seeds = config.seeds
    if not (is_whole(seeds) or (isinstance(seeds, list) and seeds and all(is_whole(seed, least=0) for seed in seeds))):
        yield f"seeds={seeds}: expected a count of at least 1, or a list of whole numbers like [0, 1, 2]"
    elif len(set(seed_list(seeds))) < len(seed_list(seeds)):
        yield f"seeds={seeds}: expected different seeds"
    for key in ("backend", "engine", "keep_models"):
        if getattr(config, key) not in WORDS[key]:
            yield f"{key}={getattr(config, key)}: {nearest(getattr(config, key), list(WORDS[key]))}"
    if not re.fullmatch(DEVICE, config.device):
        yield f"device={config.device}: expected auto, cpu, gpu, or gpu:N"
    for key in ("threads", "workers"):
        value = getattr(config, key)
        if not (is_whole(value) or value == {"threads": None, "workers": "auto"}[key]):
            yield f"{key}={value}: expected a whole number of at least 1" + (", or auto" if key == "workers" else "")
