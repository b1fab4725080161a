"""Interpolations (`${training.epochs}`) in settings of a sweep, resolved in each variant after all its settings."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from omegaconf import DictConfig, OmegaConf

UNESCAPED = re.compile(r"(?<!\\)(?:\\\\)*\$\{")


class Interpolation(str):
    """A value with `${...}` as it is written; any other `str` is literal text, whatever stands in it."""


def marked(raw: Any) -> Any:
    """A value as it is written in YAML, each text with `${...}` as an `Interpolation`, and an escaped `${` as text."""
    if isinstance(raw, str) and "${" in raw:
        return Interpolation(raw) if UNESCAPED.search(raw) else OmegaConf.create({"value": raw}).value
    if isinstance(raw, list):
        return [marked(entry) for entry in raw]
    if isinstance(raw, Mapping):
        return {key: marked(entry) for key, entry in raw.items()}
    return raw


def has_interpolation(value: Any) -> bool:
    """Whether a value, or an entry of it, is an `Interpolation`."""
    if isinstance(value, (list, tuple)):
        return any(map(has_interpolation, value))
    if isinstance(value, Mapping):
        return any(map(has_interpolation, value.values()))
    return isinstance(value, Interpolation)


def resolved_in(composed: DictConfig, key: str) -> Any:
    """The value of a key of a composed variant as plain Python.

    Raises:
        InterpolationResolutionError: Of OmegaConf, where a name in `${...}` does not exist or a circle of them does.
    """
    value = OmegaConf.select(composed, key)
    return OmegaConf.to_container(value, resolve=True) if OmegaConf.is_config(value) else value


def resolved_alone(value: Any) -> Any:
    """A value whose interpolations need no variant, such as `${oc.env:HOME}`.

    Raises:
        InterpolationResolutionError: Of OmegaConf.
    """
    return resolved_in(OmegaConf.create({"value": value}), "value")
