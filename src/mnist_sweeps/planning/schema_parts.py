"""What JSON Schemas are made of: types, and lists, words and named objects of them."""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
BOOLEAN: Schema = {"type": "boolean"}
NUMBER: Schema = {"type": "number"}
WHOLE: Schema = {"type": "integer", "minimum": 1}
WHOLE_OR_ZERO: Schema = {"type": "integer", "minimum": 0}
SHARE: Schema = {"type": "number", "minimum": 0, "maximum": 1}
RATE: Schema = {"type": "number", "minimum": 0, "exclusiveMaximum": 1}
NULL: Schema = {"type": "null"}
NAME: Schema = {"type": ["string", "number"]}  # of a row: 700 is read as a number
SPACE: Schema = {
    "type": "string",
    "pattern": r"^\s*((layers|choice|range|interval|int|float|str|bool|sort|tag)\s*\(.*\)|[^()]+,[^()]+)"
    r"(\s+if\s+\S+\s*=.+)?\s*$",
    "examples": [
        "choice(adam, sgd)",
        "range(1, 9, 2)",
        "interval(0, 1)",
        "tag(log, interval(1e-4, 1))",
        "layers(1, 4, choice(64, 128))",
        "interval(0, 1) if optimizer=sgd",
    ],
}


def words(allowed: Any) -> Schema:
    """One of a few words."""
    return {"enum": list(allowed)}


def suggested(names: list[str]) -> Schema:
    """Any text, where an editor suggests `names`."""
    return {"anyOf": [words(names), TEXT]} if names else TEXT


def or_null(schema: Schema) -> Schema:
    """The value, or null."""
    return {"anyOf": [schema, NULL]}


def list_of(entry: Schema, least: int = 0) -> Schema:
    """A list of entries."""
    return {"type": "array", "items": entry, "minItems": least}


def per_layer(entry: Schema) -> Schema:
    """One value for all layers, or a list with one entry per layer."""
    return {"anyOf": [entry, list_of(entry)]}


def named(names: Schema, required: bool = False, **keywords: Schema) -> Schema:
    """`{name: ..., keyword: ...}`: a Keras object, with any of its keywords."""
    needs = {"required": ["name"]} if required else {}
    return {"type": "object", "properties": {"name": names, **keywords}, **needs}
