"""Which configs make sense: each fault is a line that names key, value and way out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from mnist_sweeps.config.allowed import CLEAN, CORRUPTIONS, DEVICE, POOLS, TRACKERS, VALIDATION_WORDS, WORDS
from mnist_sweeps.config.errors import ConfigError, nearest, written
from mnist_sweeps.config.layered import CONVOLUTIONS, HIDDEN, LAYERED_KEYS, POOLINGS, LayeredKey, per_layer, value_of
from mnist_sweeps.config.schema import Config, Data, Model, seed_list
from mnist_sweeps.config.training_faults import training_faults
from mnist_sweeps.config.until_decided import EXPECTED as SEEDS_EXPECTED
from mnist_sweeps.config.until_decided import is_rule, parse_rule
from mnist_sweeps.config.value_checks import is_whole

MOST_FOLDS = 60_000


def check(config: Config) -> None:
    """Refuses what no model or data set could satisfy, before anything is built.

    Raises:
        ConfigError: one line per fault, as `key=value: what is allowed`.
    """
    faults = [
        *_model_faults(config.model),
        *_data_faults(config.data),
        *training_faults(config),
        *_seed_faults(config.seeds),
        *_machine_faults(config),
    ]
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
    yield from dict.fromkeys(f"{key}={written(entry)}: expected {layered.allowed}" for entry in wrong)


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
        yield f"data.validation={written(value)}: expected none, test, a count of images, or a fraction between 0 and 1"
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


def _seed_faults(seeds: Any) -> Iterator[str]:
    if is_rule(seeds):
        try:
            parse_rule(seeds)
        except ConfigError as error:
            yield from str(error).splitlines()
    elif not (
        is_whole(seeds) or (isinstance(seeds, list) and seeds and all(is_whole(seed, least=0) for seed in seeds))
    ):
        yield f"seeds={written(seeds)}: {SEEDS_EXPECTED}"
    elif len(set(seed_list(seeds))) < len(seed_list(seeds)):
        yield f"seeds={seeds}: expected different seeds"


def _machine_faults(config: Config) -> Iterator[str]:
    """Faults of what runs are trained on, and of what is kept of them."""
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
    for key, default, more in (("threads", None, ""), ("workers", "auto", ", or auto")):
        value = getattr(config, key)
        if not (is_whole(value) or value == default):
            yield f"{key}={written(value)}: expected a whole number of at least 1{more}"
