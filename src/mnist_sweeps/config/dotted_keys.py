"""The dotted keys of a config, such as `model.conv.filters`: of its sections, and of its values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any


def section_names(config: Any, prefix: str = "") -> Iterator[str]:
    """The keys that hold settings and no value: `model`, `model.conv`, `optimizer`, ..."""
    for entry in fields(config):
        value = getattr(config, entry.name)
        if isinstance(value, dict):
            yield f"{prefix}{entry.name}"
        elif is_dataclass(value):
            yield f"{prefix}{entry.name}"
            yield from section_names(value, f"{prefix}{entry.name}.")


def flat(config: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """The values of a config by dotted keys: `{"model": {"hidden": [8]}}` becomes `{"model.hidden": [8]}`.

    Args:
        config: `asdict` of a `Config`, or a part of it.
        prefix: The key of that part, with a dot.
    """
    values: dict[str, Any] = {}
    for key, value in config.items():
        if isinstance(value, Mapping):
            values |= flat(value, f"{prefix}{key}.")
        else:
            values[f"{prefix}{key}"] = value
    return values
