"""The JSON Schema of a sweep file: settings by dotted key or by group, and claims that can be judged."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path

from mnist_sweeps.config import claim_spec
from mnist_sweeps.config.claim_spec import BETWEEN, FIXED, FRACTIONS, METRICS, NEAR
from mnist_sweeps.config.schema import Config
from mnist_sweeps.config.sweep_spec import SWEEP_WIDE, SearchSpec, Sweep
from mnist_sweeps.planning import catalog
from mnist_sweeps.planning.claim_schema import CLAIM
from mnist_sweeps.planning.pruners import PRUNERS
from mnist_sweeps.planning.sampler import SAMPLERS
from mnist_sweeps.planning.schema_parts import (
    BOOLEAN,
    NUMBER,
    SPACE,
    TEXT,
    WHOLE,
    WHOLE_OR_ZERO,
    Schema,
    list_of,
    or_null,
    suggested,
    words,
)
from mnist_sweeps.planning.section_schemas import HYDRA, closed, described_fields, dotted, section_keys
from mnist_sweeps.planning.value_schemas import ENTRIES

ACCURACY_OF_EPOCHS: Schema = {"type": "string", "pattern": r"^(train|val)_accuracy\["}
NOT_WITH_SEARCH = ("variants", "grid", "zip", "baseline", "compare", "reference", "claims")


def sweep_schema(folders: list[Path]) -> Schema:
    """The schema of the files in `conf/sweep/`; a group's name takes the options in `folders`."""
    definitions = _settings(folders)
    own = [key for key in definitions if key not in SWEEP_WIDE]  # what a variant may set
    variant = _settings_object(own)
    search = {
        "trials": WHOLE,
        "sampler": words(SAMPLERS),
        "pruner": or_null(words(PRUNERS)),
        "asynchronous": BOOLEAN,
        "seed": WHOLE_OR_ZERO,
        "storage": or_null(TEXT),
        "space": {**_settings_object(own, lambda _: SPACE), "minProperties": 1},
        "winner": or_null(variant),
    }
    keys = {
        "question": TEXT,
        "common": _settings_object(definitions),
        "baseline": or_null(TEXT),
        "variants": {"type": "object", "additionalProperties": variant},
        "grid": _settings_object(own, lambda value: list_of(value, least=1)),
        "zip": _settings_object(own, lambda value: list_of(value, least=1)),
        "search": or_null({**closed(described_fields(SearchSpec, search)), "required": ["trials", "space"]}),
        "compare": {"type": "object", "additionalProperties": TEXT},
        "reference": _reference(),
        "claims": or_null(list_of(_claim())),
        "margin": {**NUMBER, "minimum": 0, "exclusiveMaximum": 100},
    }
    return {
        **closed({**HYDRA, **described_fields(Sweep, keys)}),
        "definitions": definitions,
        "if": {"properties": {"search": {"type": "object"}}, "required": ["search"]},
        "then": {"properties": dict.fromkeys(NOT_WITH_SEARCH, False)},
    }


def _settings(folders: list[Path]) -> dict[str, Schema]:
    """What a sweep may set: every key by its dotted name, and each group by an option or by its keys."""
    keys = dict(dotted(section_keys(Config())))
    for group in catalog.GROUPS:
        if group in keys:
            options = catalog.options(folders, group)
            names = words(option.name for option in options)
            chosen = {**names, "enumDescriptions": [option.about for option in options]}
            keys[group] = {"anyOf": [chosen, keys[group]], "description": f"an option of {group}, or some of its keys"}
    return keys


def _settings_object(keys: Iterable[str], wrapped: Callable[[Schema], Schema] = lambda value: value) -> Schema:
    """A mapping of settings; also one entry of a per-layer key (`model.hidden.0`), and Keras's keywords.

    Args:
        keys: The names of their definitions.
        wrapped: What a key takes, given the schema of its value.
    """
    layers = {f"^{re.escape(key)}\\.[0-9]+$": wrapped(entry) for key, entry in ENTRIES.items()}
    keywords = {r"^(optimizer|initializer|output_initializer)\.": wrapped({})}
    properties = {key: wrapped({"$ref": f"#/definitions/{key}"}) for key in keys}
    return {**closed(properties), "patternProperties": {**layers, **keywords}}


def _reference() -> Schema:
    """`columns`, and a list of as many numbers for each row."""
    columns = list_of(suggested(list(METRICS)), least=1)
    printed = list_of({"type": ["number", "null"]})
    return {"type": "object", "properties": {"columns": columns}, "additionalProperties": printed}


def _claim() -> Schema:
    """A claim, with what its relation needs, as `claim_spec.parse_claim` refuses others."""
    properties = {key: {**CLAIM[key], "description": meaning} for key, meaning in claim_spec.KEYS.items()}
    value = {"required": ["value"], "properties": {"against": False}}
    no_margin = {"is": words(NEAR), "metric": {"not": {"anyOf": [words(FRACTIONS), ACCURACY_OF_EPOCHS]}}}
    return {
        **closed(properties),
        "required": ["says", "row", "is"],
        "allOf": [
            {"if": {"properties": {"is": words(FIXED)}}, "then": value},
            {"if": {"properties": {"is": words(BETWEEN)}}, "then": {"properties": {"value": False}}},
            {"if": {"properties": no_margin, "required": ["metric"]}, "then": {"required": ["margin"]}},
        ],
    }
