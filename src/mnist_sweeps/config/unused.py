"""Settings that change nothing because another one, which they need, is missing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict

from mnist_sweeps.config.schema import Config, Conv, EarlyStopping, Model, ReduceOnPlateau

OF_HIDDEN = ("activation", "batch_norm", "normalization", "dropout", "kernel_regularizer", "kernel_constraint")


def unused_settings(config: Config) -> Iterator[str]:
    """A sentence for each setting that differs from its default and has no effect, with the setting that it needs."""
    training, model, conv = config.training, config.model, config.model.conv
    if training.early_stopping.patience is None:
        for key, value in _changed(asdict(training.early_stopping), asdict(EarlyStopping())):
            yield _sentence(f"training.early_stopping.{key}", value, "training.early_stopping.patience")
    if training.reduce_on_plateau.patience is None:
        for key, value in _changed(asdict(training.reduce_on_plateau), asdict(ReduceOnPlateau())):
            yield _sentence(f"training.reduce_on_plateau.{key}", value, "training.reduce_on_plateau.patience")
    if not model.hidden:
        for key in OF_HIDDEN:
            if getattr(model, key) != getattr(Model(), key):
                yield _sentence(f"model.{key}", getattr(model, key), "model.hidden")
    if not (model.hidden or conv.filters) and config.initializer != Config().initializer:
        yield _sentence("initializer", config.initializer, "model.hidden or model.conv.filters")
    if not conv.filters:
        for key, value in _changed(asdict(conv), asdict(Conv())):
            yield _sentence(f"model.conv.{key}", value, "model.conv.filters")
    elif not conv.pool_after:
        for key in ("pool", "pool_size", "pool_padding"):
            if getattr(conv, key) != getattr(Conv(), key):
                yield _sentence(f"model.conv.{key}", getattr(conv, key), "model.conv.pool_after")
    if config.data.validation in ("none", "test") and config.data.holdout != "stratified":
        yield _sentence("data.holdout", config.data.holdout, "a data.validation that holds images out")


def _changed(settings: dict[str, object], defaults: dict[str, object]) -> Iterator[tuple[str, object]]:
    return ((key, value) for key, value in settings.items() if value != defaults[key])


def _sentence(key: str, value: object, needed: str) -> str:
    shown = str(value).lower() if isinstance(value, bool) else value
    return f"{key}={shown} has no effect without {needed}"
