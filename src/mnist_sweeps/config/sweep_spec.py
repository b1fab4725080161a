"""What a sweep file may hold, and which of its variants are compared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from mnist_sweeps.config.dotted_keys import section_names
from mnist_sweeps.config.errors import ConfigError, nearest
from mnist_sweeps.config.schema import Config
from mnist_sweeps.config.value_checks import is_number

Settings = dict[str, Any]  # `{"optimizer": "adam", "model.hidden": [512, 256]}`: a group's option, or a key's value
SWEEP_WIDE = (
    "device", "backend", "engine", "threads", "workers", "keep_models", "keep_state", "continue_from", "tracker",
)  # fmt: skip
# They belong to the command, not to a variant.
SWEEP_KEYS = ("sweep", "size", "fresh", "overwrite", "trials", "output_dir", "variants")
NOT_IN_NAMES = {*SWEEP_WIDE, "data.path", *SWEEP_KEYS} - {"size", "trials"}  # they do not change the question
SECTIONS = frozenset(section_names(Config()))


@dataclass
class SearchSpec:
    """The `search` block of a sweep file: rows that are drawn, each with a view to what those before it reached."""

    trials: int = 0
    sampler: str = "tpe"  # tpe | random | gp
    pruner: str | None = None  # median | successive_halving | hyperband: when a trial ends early
    asynchronous: bool = False  # each trial is drawn once a worker is free, and not all workers' at once
    seed: int = 0  # of the sampler: the same command asks for the same trials
    storage: str | None = None  # for a copy of the trials: sqlite:///FILE, or the path of a journal file of Optuna
    space: dict[str, Any] = field(default_factory=dict)  # key: choice(...), range(...), interval(...)
    winner: dict[str, Any] | None = None  # settings with which the best trial is trained anew; None: it is not


@dataclass
class Sweep:
    """What a sweep file may hold."""

    question: str = ""
    common: dict[str, Any] = field(default_factory=dict)
    baseline: str | None = None  # else the first row
    variants: dict[str, dict[str, Any]] = field(default_factory=dict)
    grid: dict[str, list[Any]] = field(default_factory=dict)  # every combination
    zip: dict[str, list[Any]] = field(default_factory=dict)  # the first values together, the second ones, ...
    search: SearchSpec | None = None  # instead of variants, grid and zip
    compare: dict[str, str] = field(default_factory=dict)  # row: the row it is compared with, else the baseline
    reference: dict[str, Any] = field(default_factory=dict)  # columns: [...], then row: [...]
    claims: Any = None  # what is expected of rows; `claims.listed` says in which words
    margin: float = 0.2  # percentage points within which two rows count as the same


@dataclass(frozen=True)
class VariantSpec:
    """One variant: what it says of itself, and all its settings in the order in which they apply."""

    name: str
    own: Settings
    settings: Settings
    suffix: str = ""  # of its name: its place on the grid


@dataclass(frozen=True)
class CommandLine:
    """What the command line adds: settings, swept axes, and the settings of the chosen size."""

    settings: Settings = field(default_factory=dict)
    axes: dict[str, list[Any]] = field(default_factory=dict)
    size: Settings = field(default_factory=dict)
    name: str = "default"  # of the row where there is just one
    trials: int | None = None  # of a search, at most


def comparisons(sweep: Sweep, rows: list[VariantSpec]) -> dict[str, str | None]:
    """The row that each row is compared with; None for the baseline itself.

    On a grid a row is compared at its own point: `no batch norm, sgd` with `batch norm, sgd`; trials are not compared.

    Raises:
        ConfigError: `baseline`, `compare` or `reference` names no row, or a reference is no table.
    """
    _check_reference(sweep.reference)
    names = [row.name for row in rows]
    if sweep.search is not None:  # the best of many draws is no finding: there is nothing to test
        return dict.fromkeys(names)
    _check_names("baseline", filter(None, [sweep.baseline]), sweep, names)
    _check_names("compare", (name for pair in sweep.compare.items() for name in pair), sweep, names)
    _check_names("reference", (name for name in sweep.reference if name != "columns"), sweep, names)
    compared_with: dict[str, str | None] = {}
    baseline = sweep.baseline or next(iter(sweep.variants), names[0])
    for row in rows:
        stem = row.name.removesuffix(row.suffix)
        wanted = sweep.compare.get(row.name) or sweep.compare.get(stem) or baseline
        target = next((name for name in (wanted + row.suffix, wanted, names[0]) if name in names), None)
        compared_with[row.name] = None if target == row.name else target
    return compared_with


def _check_names(key: str, wanted: Iterable[str], sweep: Sweep, rows: list[str]) -> None:
    for name in wanted:
        if name not in rows and name not in sweep.variants:
            raise ConfigError(f"sweep.{key}: there is no row {name}; {nearest(name, rows)}")


def _check_reference(reference: dict[str, Any]) -> None:
    """Refuses a reference that has not one number (or null) for each of its columns in every row."""
    columns = reference.get("columns")
    if not reference:
        return
    if not (isinstance(columns, list) and all(isinstance(column, str) for column in columns)):
        raise ConfigError(
            f"sweep.reference.columns={text(columns)}: expected a list of metrics, like [test_loss, test_accuracy]"
        )
    for name, values in reference.items():
        numbers = isinstance(values, list) and all(value is None or is_number(value) for value in values)
        if name != "columns" and not (numbers and len(values) == len(columns)):
            raise ConfigError(
                f"sweep.reference.{name}={text(values)}: expected a number, or null, for each of {text(columns)}"
            )


def flattened(settings: Settings) -> Settings:
    """The settings with dotted keys: `{"model": {"hidden": [8]}}` becomes `{"model.hidden": [8]}`.

    Only mappings that stand for a section of the configuration are taken apart, so that those of `common`, variant and
    command line merge key by key, as in OmegaConf. A mapping that is a value (a learning-rate schedule) stays.

    Raises:
        ConfigError: one key is set twice, by a mapping and by its dotted name.
    """
    flat: Settings = {}
    for key, value in settings.items():
        section = key in SECTIONS and isinstance(value, Mapping)
        entries = flattened({f"{key}.{name}": entry for name, entry in value.items()}) if section else {key: value}
        for name in entries.keys() & flat.keys():
            raise ConfigError(f"{name}={text(entries[name])}: already set to {text(flat[name])} in the same place")
        flat |= entries
    return flat


def assignments(settings: Mapping[str, Any]) -> list[str]:
    """Each setting as a person would type it: `optimizer=adam`."""
    return [f"{key}={text(value)}" for key, value in settings.items()]


def text(value: Any) -> str:
    """A value as a person would write it in YAML."""
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    if isinstance(value, (list, tuple)):
        return "[" + ",".join(map(text, value)) + "]"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {text(entry)}" for key, entry in value.items()) + "}"
    return str(value)
