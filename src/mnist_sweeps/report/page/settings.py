"""The settings of a row as they were asked for, as they were built, and how they differ from another row's."""

from __future__ import annotations

import json
import re
import shlex
from typing import Any

import yaml

from mnist_sweeps.config.dotted_keys import flat
from mnist_sweeps.config.sweep_spec import SWEEP_WIDE
from mnist_sweeps.report.row import ReportRow

# A word in Hydra's quotes that means the same without them, so that it needs no quotes of a shell around them.
WORD = re.compile(r"^([\w.@/]+)='(?!(?:true|false|null|nan|inf)'$)([A-Za-z][\w.-]*)'$", re.IGNORECASE)
NOT_SETTINGS = ("seeds", *SWEEP_WIDE)
PLANNED = "planned="  # what a job checks itself against: the plan of a command sets it, and refuses it from a person


def configured(row: ReportRow) -> dict[str, str]:
    """Every setting of a row's network, data and training by key, in YAML's words; empty before its first run."""
    config = row.first(lambda run: run.config or None) or {}
    return {key: word(value) for key, value in flat(config).items() if key not in NOT_SETTINGS}


def differences(row: ReportRow, other: ReportRow | None) -> list[list[str]]:
    """Key, the other row's value and this row's, for every setting in which they differ."""
    if other is None:
        return []
    before, after = configured(other), configured(row)
    if not before or not after:
        return []
    keys = list(dict.fromkeys([*before, *after]))
    return [[key, before.get(key, ""), after.get(key, "")] for key in keys if before.get(key) != after.get(key)]


def written(row: ReportRow) -> list[str]:
    """What the sweep file sets for this row: `model.dropout: 0.0`."""
    return [f"{key}: {word(value)}" for key, value in row.variant.overrides.items()]


def optimizer(row: ReportRow) -> str:
    """The optimizer as it was built, `Adam, learning_rate 0.001`, without what is switched off."""
    built = row.first(lambda run: run.effective.get("optimizer")) or {}
    values = {key: value for key, value in built.items() if key != "name" and value not in (None, False)}
    return (
        ", ".join([str(built["name"]), *(f"{key} {_number(value)}" for key, value in values.items())]) if built else ""
    )


def command(row: ReportRow) -> str:
    """The command that trains this row alone again, as its job was launched; empty if its folder does not tell."""
    path = row.folder / ".hydra" / "overrides.yaml"
    try:
        overrides = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        return ""
    if not isinstance(overrides, list):
        return ""
    texts = [text for text in map(str, overrides) if not text.startswith(PLANNED)]
    return " ".join(["mnist-sweeps", *(shlex.quote(WORD.sub(r"\1=\2", text)) for text in texts)])


def word(value: Any) -> str:
    """A value in YAML's words: text as it is, `true`, `null`, `[512, 256]`."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _number(value: Any) -> str:
    return f"{value:.6g}" if isinstance(value, float) else word(value)
