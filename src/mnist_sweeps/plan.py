"""The plan of a sweep: its rows composed and checked, with what each changes and where its runs go."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from hydra import compose
from hydra.core.global_hydra import GlobalHydra
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.override_parser.types import Override
from omegaconf import OmegaConf

from mnist_sweeps import identity, names, trials
from mnist_sweeps.checks import check, is_whole
from mnist_sweeps.compose import Composer, groups
from mnist_sweeps.config import Config, ConfigError, seed_list
from mnist_sweeps.errors import explain
from mnist_sweeps.grammar import choices, plain, quoted
from mnist_sweeps.search import Study
from mnist_sweeps.sweep import NOT_IN_NAMES, Command, Settings, Sweep, comparisons, expand, text

FLAGS = ("fresh", "overwrite")


@dataclass(frozen=True)
class PlannedRow:
    """A row with its config, and the row that it is compared with or equal to."""

    name: str
    folder: str
    own: Settings
    overrides: list[str]  # for Hydra
    config: Config
    compared_with: str | None
    changes: list[str]
    same_as: str | None


@dataclass(frozen=True)
class Plan:
    """A sweep, ready to run; a single training is a sweep of one row."""

    name: str
    sweep: Sweep
    rows: list[PlannedRow]
    announcements: list[str]
    fresh: bool
    overwrite: bool
    study: Study | None = None  # of a search

    @property
    def to_train(self) -> list[PlannedRow]:
        """The rows that are not equal to an earlier one."""
        return [row for row in self.rows if row.same_as is None]

    @property
    def ahead(self) -> int:
        """Trials of a search that are not drawn yet."""
        return self.sweep.search.trials - len(self.study.drawn) if self.sweep.search and self.study else 0


def plan(arguments: list[str], study: Study | None = None) -> Plan:
    """The plan that a command line asks for; needs a Hydra session (`hydra.main`, or `compose.session`).

    The rows of a search are the trials that its `study` has drawn; without one they are probes of its space.

    Raises:
        ConfigError: every fault of every row, each on a line that names row, key and value.
    """
    parsed = OverridesParser.create(GlobalHydra.instance().config_loader()).parse_overrides(arguments)
    hydra_overrides = [override.input_line or "" for override in parsed if override.is_hydra_override()]
    typed = [override for override in parsed if not override.is_hydra_override()]
    known = groups()
    composer = Composer(known - {"sweep", "size"}, hydra_overrides)
    command = _command(typed)
    sweep_name, sweep = _sweep(typed, composer)
    said: list[str] = []
    if sweep.search is not None:
        sweep, study, said = trials.rows(sweep, command, study, lambda variants: _configs(
            expand(replace(sweep, variants=variants), command, known - {"sweep", "size"})[0], composer))  # fmt: skip
    rows, announcements = expand(sweep, command, known - {"sweep", "size"})
    configs = _configs(rows, composer)
    flags = {key: any(override.key_or_group == key and plain(override) for override in typed) for key in FLAGS}
    planned = _planned(rows, configs, comparisons(sweep, rows))
    if study is not None and study.winner is not None:
        planned[-1] = replace(planned[-1], folder=trials.folder(study.winner))
    return Plan(_name(sweep_name, typed), sweep, planned, said + announcements, **flags, study=study)


def _sweep(typed: list[Override], composer: Composer) -> tuple[str | None, Sweep]:
    """The chosen sweep file, with what the command line sets in it (`sweep.margin=0.1`)."""
    lines = [override.input_line or "" for override in typed if override.key_or_group.split(".")[0] == "sweep"]
    if not lines:
        return None, Sweep()
    composed = compose("config", [*composer.hydra_overrides, *lines])
    chosen = next((plain(override) for override in typed if override.key_or_group == "sweep"), None)
    return chosen, OmegaConf.to_object(composed.sweep) if chosen else Sweep()  # type: ignore[return-value]


def _command(typed: list[Override]) -> Command:
    settings: Settings = {}
    axes: dict[str, list[Any]] = {}
    size: Settings = {}
    for override in typed:
        key = override.key_or_group
        if override.is_delete():
            raise ConfigError(
                f"{override.input_line}: settings cannot be removed; set {key} to the value that you mean"
            )
        if key in ("sweep", "size") and override.is_sweep_override():
            raise ConfigError(f"{override.input_line}: one {key} at a time")
        if key == "size":
            size = _size(str(plain(override)))
        elif override.is_sweep_override():
            axes[key] = choices(override)
        elif key.split(".")[0] != "sweep" and key not in FLAGS:
            settings[key] = plain(override)
    most = [chosen.pop("trials") for chosen in (settings, size) if "trials" in chosen]
    for trials_at_most in most:
        if not is_whole(trials_at_most):
            raise ConfigError(f"trials={text(trials_at_most)}: expected a whole number of at least 1")
    return Command(settings, axes, size, ", ".join(map(_word, _telling(typed))) or "default", min(most, default=None))


def _size(name: str) -> Settings:
    """The settings of a size, as overrides that beat those of a row: `size=smoke` shrinks anything."""
    loaded = GlobalHydra.instance().config_loader().repository.load_config(f"size/{name}")  # type: ignore[attr-defined]
    if loaded is None:
        raise ConfigError(f"size={name}: there is no such size; `mnist-sweeps list` shows them")
    chosen = {entry.group.lstrip("/"): entry.value for entry in loaded.defaults_list or [] if hasattr(entry, "group")}
    return {**chosen, **_flat(OmegaConf.to_container(loaded.config))}


def _flat(tree: Any, prefix: str = "") -> Settings:
    flat: Settings = {}
    for key, value in tree.items():
        flat |= _flat(value, f"{prefix}{key}.") if isinstance(value, dict) else {f"{prefix}{key}": value}
    return flat


def _configs(rows: list[Any], composer: Composer) -> list[Config]:
    configs, faults = [], []
    for row in rows:
        where = f"row {row.name}: " if len(rows) > 1 else ""
        try:
            config = composer.config(row.settings)
            check(config)
            configs.append(config)
        except ConfigError as error:
            faults += [where + line for line in str(error).splitlines()]
        except Exception as error:  # OmegaConf's and Hydra's many kinds; explain() raises those that are not theirs
            faults.append(where + explain(error))
    if faults:
        raise ConfigError("\n".join(dict.fromkeys(faults)))
    return configs


def _planned(rows: list[Any], configs: list[Config], compared: dict[str, str | None]) -> list[PlannedRow]:
    folders = names.folders(row.name for row in rows)
    by_name = dict(zip((row.name for row in rows), configs, strict=True))
    if len(by_name) < len(rows):
        raise ConfigError("two rows have the same name; name each differently")
    first: dict[tuple[str, ...], str] = {}
    planned = []
    for row, config in zip(rows, configs, strict=True):
        same = first.setdefault(tuple(identity.digest(config, seed) for seed in seed_list(config.seeds)), row.name)
        other = compared[row.name]
        planned.append(
            PlannedRow(
                name=row.name,
                folder=folders[row.name],
                own=row.own,
                overrides=[f"{key}={quoted(value)}" for key, value in row.settings.items()],
                config=config,
                compared_with=other,
                changes=identity.changes(by_name[other], config) if other else [],
                same_as=None if same == row.name else same,
            )
        )
    return planned


def _name(sweep: str | None, typed: list[Override]) -> str:
    """The sweep's folder: two questions never share one."""
    told = _telling(typed)
    if sweep is not None:
        return names.slug(",".join([sweep, *map(_word, told)]))
    if any(override.is_sweep_override() for override in told):
        swept = [override.key_or_group if override.is_sweep_override() else _word(override) for override in told]
        return names.slug(",".join(swept))
    return "run"


def _telling(typed: list[Override]) -> list[Override]:
    """The overrides that change the question."""
    return [override for override in typed if override.key_or_group not in {*NOT_IN_NAMES, *FLAGS, "sweep"}]


def _word(override: Override) -> str:
    """`optimizer=adam`, `optimizer=adam,sgd`: as typed, without `+` and quotes."""
    value = (override.input_line or "").partition("=")[2] if override.is_sweep_override() else text(plain(override))
    return f"{override.key_or_group}={value}"
