"""Which configs make sense: each fault is a line that names key, value and way out."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from mnist_sweeps.config.allowed import (
    CLEAN,
    CORRUPTIONS,
    DEVICE,
    LOSSES,
    METRICS,
    POOLS,
    SMOOTHED,
    TRACKERS,
    VALIDATION_WORDS,
    WORDS,
    metric_name,
)
from mnist_sweeps.config.errors import ConfigError, nearest
from mnist_sweeps.config.layered import CONVOLUTIONS, HIDDEN, LAYERED_KEYS, POOLINGS, LayeredKey, value_of
from mnist_sweeps.config.schema import Config, Data, Model, per_layer, seed_list
from mnist_sweeps.config.time_span import seconds
from mnist_sweeps.config.until_decided import EXPECTED as SEEDS_EXPECTED
from mnist_sweeps.config.until_decided import is_rule, parse_rule
from mnist_sweeps.config.value_checks import is_class_weight, is_rate, is_share, is_whole

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


def _layer_faults(layered: LayeredKey, model: Model) -> Iterator[str]:
    key, value, layers = layered.key, value_of(model, layered.key), layered.kind.count(model)
    values = per_layer(value, layers)
    if isinstance(value, (list, tuple)) and len(values) != layers:
        unit = layered.kind.unit
        yield f"{key}={value}: {len(values)} entries for {layers} {unit}; give one for each, or a single value"
    wrong = [entry for entry in values if not layered.is_allowed(entry)]
    yield from dict.fromkeys(f"{key}={entry}: expected {layered.allowed}" for entry in wrong)


def _model_faults(model: Model) -> Iterator[str]:
    for layered in LAYERED_KEYS:
        yield from _layer_faults(layered, model)
    conv, convs, pools = model.conv, CONVOLUTIONS.count(model), POOLINGS.count(model)
    if len(set(conv.pool_after)) < pools or not all(is_whole(layer) and layer <= convs for layer in conv.pool_after):
        yield f"model.conv.pool_after={conv.pool_after}: expected different layers from 1 to {convs}"
    if conv.global_pooling not in (None, *POOLS):
        yield f"model.conv.global_pooling={conv.global_pooling}: {nearest(str(conv.global_pooling), [*POOLS, 'null'])}"
    for prefix, section, layers in (("model", model, HIDDEN.count(model)), ("model.conv", conv, convs)):
        both = zip(per_layer(section.batch_norm, layers), per_layer(section.normalization, layers), strict=False)
        if any(norm is True and other is not None for norm, other in both):
            yield (f"{prefix}.normalization={section.normalization}: goes in place of {prefix}.batch_norm="
                   f"{section.batch_norm}; set {prefix}.batch_norm=false there")  # fmt: skip


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
    yield from _evaluation_faults(data.evaluate)


def _evaluation_faults(evaluate: Any) -> Iterator[str]:
    """Faults of `data.evaluate`: null, or a list of different kinds of test images."""
    if evaluate is None:
        return
    kinds = [CLEAN, *CORRUPTIONS]
    if not isinstance(evaluate, list) or len(set(map(str, evaluate))) < len(evaluate):
        yield f"data.evaluate={evaluate}: expected a list of different kinds of test images: [clean, rotated]"
        return
    yield from (f"data.evaluate={kind}: {nearest(kind, kinds)}" for kind in evaluate if kind not in kinds)


def _training_faults(config: Config) -> Iterator[str]:
    training, stopping = config.training, config.training.early_stopping
    for key in ("epochs", "batch_size"):
        if not is_whole(getattr(training, key)):
            yield f"training.{key}={getattr(training, key)}: expected a whole number of at least 1"
    if not is_rate(training.label_smoothing):
        yield f"training.label_smoothing={training.label_smoothing}: expected a rate of at least 0 and below 1"
    if training.loss not in LOSSES:
        yield f"training.loss={training.loss}: {nearest(training.loss, list(LOSSES))}"
    elif training.label_smoothing and training.loss not in SMOOTHED:
        yield (f"training.label_smoothing={training.label_smoothing}: training.loss={training.loss} takes none; "
               f"only for {' and '.join(SMOOTHED)}")  # fmt: skip
    if not is_class_weight(training.class_weight):
        yield (f"training.class_weight={training.class_weight}: expected null, balanced, or weights of at least 0 "
               "by label: {8: 2.0}")  # fmt: skip
    if training.time_limit is not None and seconds(training.time_limit) is None:
        yield f"training.time_limit={training.time_limit}: expected a time, like 90 s, 30 min or 2 h"
    yield from _metric_faults(training.metrics)
    yield from _augmentation_faults(config)
    if stopping.patience is not None:
        yield from _monitor_faults("training.early_stopping.monitor", stopping.monitor, config.data)
        if not is_whole(stopping.patience, least=0):
            yield f"training.early_stopping.patience={stopping.patience}: expected a whole number of at least 0"
        if not is_whole(stopping.start_from_epoch, least=0):
            start = stopping.start_from_epoch
            yield f"training.early_stopping.start_from_epoch={start}: expected a whole number of at least 0"
        if not math.isfinite(stopping.min_delta):
            yield f"training.early_stopping.min_delta={stopping.min_delta}: expected a finite number"
    if training.reduce_on_plateau.patience is not None:
        yield from _plateau_faults(config)
    if training.floor is not None:
        if not (isinstance(training.floor, list) and all(map(is_share, training.floor))):
            yield f"training.floor={training.floor}: expected accuracies from 0 to 1, one an epoch: [0.5, 0.8]"
        elif config.data.validation == "none" and config.data.folds is None:
            yield f"training.floor={training.floor}: there is no validation; hold images out: data.validation=0.1"
    seeds = config.seeds
    if is_rule(seeds):
        try:
            parse_rule(seeds)
        except ConfigError as error:
            yield from str(error).splitlines()
    elif not (
        is_whole(seeds) or (isinstance(seeds, list) and seeds and all(is_whole(seed, least=0) for seed in seeds))
    ):
        yield f"seeds={seeds}: {SEEDS_EXPECTED}"
    elif len(set(seed_list(seeds))) < len(seed_list(seeds)):
        yield f"seeds={seeds}: expected different seeds"
    for key in ("precision", "backend", "engine", "keep_models"):
        if getattr(config, key) not in WORDS[key]:
            yield f"{key}={getattr(config, key)}: {nearest(getattr(config, key), list(WORDS[key]))}"
    if config.keep_state and config.optimizer.get("use_ema"):
        yield "keep_state=true: keeps no averaged weights; train without optimizer.use_ema, or without keep_state"
    for name in config.tracker if isinstance(config.tracker, list) else [config.tracker]:
        if name is not None and name not in TRACKERS:
            yield f"tracker={name}: {nearest(str(name), list(TRACKERS))}; a list for several, null for none"
    if not re.fullmatch(DEVICE, config.device):
        yield f"device={config.device}: expected auto, cpu, gpu, or gpu:N"
    for key in ("threads", "workers"):
        value = getattr(config, key)
        if not (is_whole(value) or value == {"threads": None, "workers": "auto"}[key]):
            yield f"{key}={value}: expected a whole number of at least 1" + (", or auto" if key == "workers" else "")


def _metric_faults(metrics: Any) -> Iterator[str]:
    """Faults of `training.metrics`: null, or a list of different names of Keras, with keywords or without."""
    if metrics is None:
        return
    names = list(map(metric_name, metrics)) if isinstance(metrics, list) else []
    if not isinstance(metrics, list) or len(set(names)) < len(names):
        yield (f"training.metrics={metrics}: expected a list of different metrics: "
               "[f1_score, {name: top_k_categorical_accuracy, k: 2}]")  # fmt: skip
    yield from (f"training.metrics={name}: {nearest(name, list(METRICS))}" for name in names if name not in METRICS)


def _augmentation_faults(config: Config) -> Iterator[str]:
    for key, factor in asdict(config.training.augmentation).items():
        if not is_rate(factor):
            yield f"training.augmentation.{key}={factor}: expected a factor of at least 0 and below 1"
        elif factor and (method := config.preprocessing.get("name")) != "scaled":
            yield (f"training.augmentation.{key}={factor}: moves pixels, which preprocessing.name={method} does not "
                   "give; only for preprocessing=scaled")  # fmt: skip


def _monitor_faults(key: str, monitor: str, data: Data) -> Iterator[str]:
    allowed = list(WORDS[key])
    if monitor not in allowed:
        yield f"{key}={monitor}: {nearest(monitor, allowed)}"
    elif monitor.startswith("val_") and data.validation == "none" and data.folds is None:
        yield (f"{key}={monitor}: there is no validation to watch "
               "(data.validation=none); hold images out, or monitor loss")  # fmt: skip


def _plateau_faults(config: Config) -> Iterator[str]:
    """Faults of `training.reduce_on_plateau` where it is on."""
    prefix, plateau = "training.reduce_on_plateau", config.training.reduce_on_plateau
    yield from _monitor_faults(f"{prefix}.monitor", plateau.monitor, config.data)
    for key in ("patience", "cooldown"):
        if not is_whole(getattr(plateau, key), least=0):
            yield f"{prefix}.{key}={getattr(plateau, key)}: expected a whole number of at least 0"
    if not 0 < plateau.factor < 1:
        yield f"{prefix}.factor={plateau.factor}: expected a number between 0 and 1"
    for key in ("min_delta", "min_lr"):
        if not 0 <= getattr(plateau, key) < math.inf:
            yield f"{prefix}.{key}={getattr(plateau, key)}: expected a finite number of at least 0"
    rate = config.optimizer.get("learning_rate")
    if isinstance(rate, dict):
        schedule = f"optimizer.learning_rate.name={rate.get('name')}"
        yield (f"{prefix}.patience={plateau.patience}: cannot reduce a schedule ({schedule}); "
               "give a number as learning rate, or patience=null")  # fmt: skip
