"""JSON Schemas of dataclasses: each key with its value, default and the comment behind its field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from mnist_sweeps.config.field_comments import field_comments
from mnist_sweeps.planning.schema_parts import Schema
from mnist_sweeps.planning.value_schemas import ENTRIES, VALUES

HYDRA: dict[str, Schema] = {"defaults": {"type": "array", "description": "Hydra's defaults list"}}


def closed(properties: Mapping[str, Schema]) -> Schema:
    """A mapping with these keys and no others."""
    return {"type": "object", "properties": dict(properties), "additionalProperties": False}


def described_fields(section: type, schemas: Mapping[str, Schema]) -> dict[str, Schema]:
    """The schema of each field of a dataclass, with the comment behind it as description.

    Raises:
        KeyError: a field has no schema in `schemas`.
    """
    comments = field_comments(section)
    return {entry.name: {**schemas[entry.name], **_description(comments.get(entry.name))} for entry in fields(section)}


def section_keys(section: Any, prefix: str = "") -> dict[str, Schema]:
    """The schema of each key of a configuration, those of inner sections included.

    Args:
        section: A dataclass instance whose values are the defaults.
        prefix: Dotted name of the section, with a dot at its end.

    Raises:
        KeyError: a key has no schema in `value_schemas.VALUES`.
    """
    comments, keys = field_comments(type(section)), dict[str, Schema]()
    for entry in fields(section):
        key, default = f"{prefix}{entry.name}", getattr(section, entry.name)
        if is_dataclass(default):
            summary = (type(default).__doc__ or "").splitlines()[0]
            keys[entry.name] = {**closed(section_keys(default, f"{key}.")), **_description(summary)}
        else:
            comment = comments.get(entry.name) or _layers(key)
            keys[entry.name] = {**VALUES[key], "default": default, **_description(comment)}
    return keys


def dotted(keys: Mapping[str, Schema], prefix: str = "") -> Iterator[tuple[str, Schema]]:
    """Every key with its dotted name, sections included: `model`, `model.conv`, `model.conv.filters`."""
    for name, schema in keys.items():
        yield f"{prefix}{name}", schema
        yield from dotted(schema.get("properties", {}), f"{prefix}{name}.")


def _layers(key: str) -> str | None:
    return "one value, or a list with one entry per layer" if key in ENTRIES and "anyOf" in VALUES[key] else None


def _description(comment: str | None) -> Schema:
    return {"description": comment} if comment else {}
