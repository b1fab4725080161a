"""The plan of a sweep: its rows composed and checked, with what each changes and where its runs go."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from hydra import compose
from hydra.core.global_hydra import GlobalHydra
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.override_parser.types import Override
from omegaconf import OmegaConf

from mnist_sweeps.config.claim_spec import Claim
from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.config.schema import Config
from mnist_sweeps.config.sweep_spec import Settings, Sweep, VariantSpec, comparisons, expand
from mnist_sweeps.config.unused import unused_settings
from mnist_sweeps.config.validate import check
from mnist_sweeps.planning import trials
from mnist_sweeps.planning.bind_claims import bind_claims
from mnist_sweeps.planning.compose import Composer, groups, search_also
from mnist_sweeps.planning.explain_errors import explain
from mnist_sweeps.planning.override_values import plain_value, quoted
from mnist_sweeps.planning.overrides import FLAGS, command_of, override_text, question_overrides, search_paths
from mnist_sweeps.planning.sampler import SearchState
from mnist_sweeps.storage import folder_names, run_digest


@dataclass(frozen=True)
class PlannedVariant:
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
class SweepPlan:
    """A sweep, ready to run; a single training is a sweep of one row."""

    name: str
    sweep: Sweep
    rows: list[PlannedVariant]
    claims: list[Claim]
    announcements: list[str]
    fresh: bool
    overwrite: bool
    study: SearchState | None = None  # of a search

    @property
    def to_train(self) -> list[PlannedVariant]:
        """The rows that are not equal to an earlier one."""
        return [row for row in self.rows if row.same_as is None]

    @property
    def ahead(self) -> int:
        """Trials of a search that are not drawn yet."""
        return self.sweep.search.trials - len(self.study.drawn) if self.sweep.search and self.study else 0


def plan(arguments: list[str]) -> SweepPlan:
    """The plan that a command line asks for; needs a Hydra session (`hydra.main`, or `compose.session`).

    Raises:
        ConfigError: every fault of every row, each on a line that names row, key and value.
    """
    return Planner(arguments).plan()


class Planner:
    """Plans a command line, a search's again and again as it goes on: what is composed once is kept."""

    def __init__(self, arguments: list[str]) -> None:
        parsed = OverridesParser.create(GlobalHydra.instance().config_loader()).parse_overrides(arguments)
        for path in search_paths(parsed):
            search_also(path)
        hydra_overrides = [override.input_line or "" for override in parsed if override.is_hydra_override()]
        self.typed = [override for override in parsed if not override.is_hydra_override()]
        self.groups = groups() - {"sweep", "size"}
        self.composer = Composer(self.groups, hydra_overrides)
        self.command = command_of(self.typed)
        self.name, self.sweep = _sweep(self.typed, self.composer)

    @property
    def is_single_training(self) -> bool:
        """Whether the command line asks for one variant, without a sweep file."""
        return self.name is None and not self.command.axes

    def plan(self, study: SearchState | None = None) -> SweepPlan:
        """The rows of a search are the trials that its `study` has drawn; without one they are probes of its space.

        Raises:
            ConfigError: every fault of every row, each on a line that names row, key and value.
        """
        sweep, drawn = self.sweep, list[str]()
        named = sweep.search is None or study is not None  # a fault of a probe is one of the space
        if sweep.search is not None:
            sweep, study, drawn = trials.rows(
                sweep, self.command, study, lambda variants: self._rows(replace(sweep, variants=variants), named)[1]
            )
        rows, configs, announcements = self._rows(sweep, named)
        planned = _planned(rows, configs, comparisons(sweep, rows))
        compared = {row.name: row.compared_with for row in planned}
        claims, omitted = bind_claims(sweep, self.command, {row.name: row.config for row in planned}, compared)
        if study is not None and study.winner is not None:
            planned[-1] = replace(planned[-1], folder=trials.folder(study.winner))
        flags = {
            key: any(override.key_or_group == key and plain_value(override) for override in self.typed) for key in FLAGS
        }
        messages = drawn + announcements + omitted
        return SweepPlan(_name(self.name, self.typed), sweep, planned, claims, messages, **flags, study=study)

    def _rows(self, sweep: Sweep, named: bool) -> tuple[list[VariantSpec], list[Config], list[str]]:
        rows, announcements = expand(sweep, self.command, self.groups)
        configs = _configs(rows, self.composer, named)
        unused: dict[str, list[str]] = {}
        for row, config in zip(rows, configs, strict=True):
            for sentence in unused_settings(config):
                unused.setdefault(sentence, []).append(row.name)
        return rows, configs, announcements + [f"{', '.join(names)}: {line}" for line, names in unused.items()]


def _sweep(typed: list[Override], composer: Composer) -> tuple[str | None, Sweep]:
    """The chosen sweep file, with what the command line sets in it (`sweep.margin=0.1`)."""
    lines = [override.input_line or "" for override in typed if override.key_or_group.split(".")[0] == "sweep"]
    if not lines:
        return None, Sweep()
    composed = compose("config", [*composer.hydra_overrides, *lines])
    chosen = next((plain_value(override) for override in typed if override.key_or_group == "sweep"), None)
    return chosen, OmegaConf.to_object(composed.sweep) if chosen else Sweep()  # type: ignore[return-value]


def _configs(rows: list[Any], composer: Composer, named: bool) -> list[Config]:
    configs, faults = [], []
    for row in rows:
        where = f"row {row.name}: " if named and len(rows) > 1 else ""
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


def _planned(rows: list[Any], configs: list[Config], compared: dict[str, str | None]) -> list[PlannedVariant]:
    folders = folder_names.folders(row.name for row in rows)
    by_name = dict(zip((row.name for row in rows), configs, strict=True))
    if len({" ".join(name.split()) for name in by_name}) < len(rows):  # a table shows no other white space
        raise ConfigError("two rows have the same name; name each differently")
    first: dict[tuple[str, ...], str] = {}
    planned = []
    for row, config in zip(rows, configs, strict=True):
        same = first.setdefault(tuple(run_digest.digest(config, run) for run in config.runs), row.name)
        other = compared[row.name]
        planned.append(
            PlannedVariant(
                name=row.name,
                folder=folders[row.name],
                own=row.own,
                overrides=[f"{key}={quoted(value)}" for key, value in row.settings.items()],
                config=config,
                compared_with=other,
                changes=run_digest.changes(by_name[other], config) if other else [],
                same_as=None if same == row.name else same,
            )
        )
    return planned


def _name(sweep: str | None, typed: list[Override]) -> str:
    """The sweep's folder: two questions never share one."""
    overrides = question_overrides(typed)
    if sweep is not None:
        return folder_names.slug(",".join([sweep, *map(override_text, overrides)]))
    if any(override.is_sweep_override() for override in overrides):
        swept = [
            override.key_or_group if override.is_sweep_override() else override_text(override) for override in overrides
        ]
        return folder_names.slug(",".join(swept))
    return "run"
