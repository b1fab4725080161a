"""JSON Schemas of sweep files and of each config group, generated from the dataclasses and the options."""

from __future__ import annotations

import json
from pathlib import Path

from mnist_sweeps.planning import catalog, compose
from mnist_sweeps.planning.schema_parts import Schema
from mnist_sweeps.planning.section_schemas import HYDRA, closed, section_keys
from mnist_sweeps.planning.sweep_schema import sweep_schema
from mnist_sweeps.storage import atomic

DRAFT = "http://json-schema.org/draft-07/schema#"  # what yaml-language-server supports in full


def documents(folders: list[Path]) -> dict[str, Schema]:
    """The schema of `conf/config.yaml`, of sweep files, and of the files of each group, by name.

    Args:
        folders: The `conf/` folders whose options a sweep may choose, as `conf_paths.conf()` gives them.
    """
    top_level = {key: schema for key, schema in section_keys(compose.Schema()).items() if key != "sweep"}
    schemas = {
        **{group: _group(top_level[group]) for group in catalog.GROUPS if group in top_level},
        "size": closed({**HYDRA, **top_level}),
        "config": closed({**HYDRA, **top_level, "hydra": {"type": "object", "description": "Hydra's own settings"}}),
        "sweep": sweep_schema(folders),
    }
    return {
        name: {"$schema": DRAFT, "$id": f"urn:mnist-sweeps:schema:{name}", "title": files_of(name), **schema}
        for name, schema in sorted(schemas.items())
    }


def files_of(name: str) -> str:
    """The files that a schema is for, from the folder that has `conf/`: `conf/model/*.yaml`."""
    return "conf/config.yaml" if name == "config" else f"conf/{name}/*.yaml"


def write(target: Path, folders: list[Path]) -> dict[str, Path]:
    """The file of each schema, by name, once written; the same input gives the same bytes.

    Args:
        target: The folder of the files, made where it is missing.
        folders: As for `documents`.
    """
    target.mkdir(parents=True, exist_ok=True)
    written = {}
    for name, schema in documents(folders).items():
        written[name] = target / f"{name}.schema.json"
        atomic.write(written[name], json.dumps(schema, indent=1, sort_keys=True, ensure_ascii=False) + "\n")
    return written


def _group(section: Schema) -> Schema:
    return {**section, "properties": {**HYDRA, **section["properties"]}}
