"""Which settings of `training` make sense: each fault is a line that names key, value and way out."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from mnist_sweeps.config.allowed import LOSSES, METRICS, SMOOTHED, WORDS, metric_name
from mnist_sweeps.config.errors import nearest
from mnist_sweeps.config.schema import Config, Data
from mnist_sweeps.config.time_span import seconds
from mnist_sweeps.config.value_checks import is_class_weight, is_rate, is_share, is_whole


def training_faults(config: Config) -> Iterator[str]:
    """Each fault of how long and in what portions is trained, and of what watches it, as a line."""
    training = config.training
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
    if training.early_stopping.patience is not None:
        yield from _early_stopping_faults(config)
    if training.reduce_on_plateau.patience is not None:
        yield from _plateau_faults(config)
    if training.floor is not None:
        if not (isinstance(training.floor, list) and all(map(is_share, training.floor))):
            yield f"training.floor={training.floor}: expected accuracies from 0 to 1, one an epoch: [0.5, 0.8]"
        elif config.data.validation == "none" and config.data.folds is None:
            yield f"training.floor={training.floor}: there is no validation; hold images out: data.validation=0.1"


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


def _early_stopping_faults(config: Config) -> Iterator[str]:
    """Faults of `training.early_stopping` where it is on."""
    stopping = config.training.early_stopping
    yield from _monitor_faults("training.early_stopping.monitor", stopping.monitor, config.data)
    if not is_whole(stopping.patience, least=0):
        yield f"training.early_stopping.patience={stopping.patience}: expected a whole number of at least 0"
    if not is_whole(stopping.start_from_epoch, least=0):
        start = stopping.start_from_epoch
        yield f"training.early_stopping.start_from_epoch={start}: expected a whole number of at least 0"
    if not math.isfinite(stopping.min_delta):
        yield f"training.early_stopping.min_delta={stopping.min_delta}: expected a finite number"


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
