"""The plan of a sweep: its rows composed and checked, with what each changes and where its runs go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from hydra.core.global_hydra import GlobalHydra
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.override_parser.types import Override

from mnist_sweeps.config.claim_spec import Claim
from mnist_sweeps.config.errors import ConfigError, nearest
from mnist_sweeps.config.expand import expand
from mnist_sweeps.config.schema import Config
from mnist_sweeps.config.sweep_spec import Settings, Sweep, VariantSpec, comparisons, flattened, text
from mnist_sweeps.config.unused import unused_settings
from mnist_sweeps.config.validate import check
from mnist_sweeps.planning import trials
from mnist_sweeps.planning.bind_claims import bind_claims
from mnist_sweeps.planning.compose import Composer, groups, search_also, session
from mnist_sweeps.planning.explain_errors import explain, merge_equal_faults
from mnist_sweeps.planning.interpolations import has_interpolation
from mnist_sweeps.planning.overrides import (
    command_of,
    override_text,
    question_overrides,
    search_paths,
    with_quoted_path,
)
from mnist_sweeps.planning.sampler import SearchState
from mnist_sweeps.planning.sweep_config import sweep_config
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
    folder: Path
    sweep: Sweep
    rows: list[PlannedVariant]
    claims: list[Claim]
    announcements: list[str]
    fresh: bool
    overwrite: bool
    study: SearchState | None = None  # of a search
    chosen: frozenset[str] | None = None  # names of the variants that are trained; None: all

    @property
    def to_train(self) -> list[PlannedVariant]:
        """The chosen variants; of several equal ones the first, which stands for the others."""
        wanted = {row.same_as or row.name for row in self.rows if self.is_chosen(row.name)}
        return [row for row in self.rows if row.name in wanted]

    def is_chosen(self, name: str) -> bool:
        """Whether `variants=[...]` names a variant, or is not given."""
        return self.chosen is None or name in self.chosen

    @property
    def ahead(self) -> int:
        """Trials of a search that are not drawn yet."""
        return self.sweep.search.trials - len(self.study.drawn) if self.sweep.search and self.study else 0


def plan(arguments: list[str], config_name: str = "config") -> SweepPlan:
    """The plan of a command line; needs a Hydra session (`hydra.main`, or `compose.session`).

    Args:
        arguments: The overrides.
        config_name: Of the primary config.

    Raises:
        ConfigError: every fault of every row, each on a line that names row, key and value.
    """
    return Planner(arguments, config_name).plan()


def plan_in_session(overrides: Sequence[str]) -> SweepPlan:
    """As `plan`, in a Hydra session of its own: for Python callers, who may have one, too.

    Raises:
        ConfigError: As `plan`, and for what Hydra refuses.
    """
    try:
        with session():
            return plan(with_quoted_path(list(overrides)))
    except Exception as error:
        raise ConfigError(explain(error)) from error


class Planner:
    """Plans a command line, a search's again and again as it goes on: what is composed once is kept."""

    def __init__(self, arguments: list[str], config_name: str = "config") -> None:
        self.typed, hydra_overrides = _parsed(arguments)
        self.groups = groups() - {"sweep", "size"}
        self.composer = Composer(self.groups, hydra_overrides, config_name)
        self.sweep_config = sweep_config(self.typed, self.composer)
        if self.sweep_config.params:
            params, _ = _parsed(self.sweep_config.params)
            keys = {override.key_or_group for override in self.typed}
            self.typed = [override for override in params if override.key_or_group not in keys] + self.typed
            self.sweep_config = sweep_config(self.typed, self.composer)
        self.sweep = self.sweep_config.sweep
        self.command = command_of(self.typed, self.sweep_config.size, self.sweep_config.trials)

    @property
    def is_single_training(self) -> bool:
        """Whether the command line asks for one variant, without a sweep file."""
        return self.sweep_config.name is None and not self.command.axes

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
        planned = _planned(rows, configs, comparisons(sweep, rows), self.composer)
        compared = {row.name: row.compared_with for row in planned}
        claims, omitted = bind_claims(sweep, self.command, {row.name: row.config for row in planned}, compared)
        if study is not None and study.winner is not None:
            planned[-1] = replace(planned[-1], folder=trials.folder(study.winner))
        name = _name(self.sweep_config.name, self.typed)
        return SweepPlan(
            name=name,
            folder=self.sweep_config.folder or self.sweep_config.outputs / name,
            sweep=sweep,
            rows=planned,
            claims=claims,
            announcements=drawn + announcements + omitted,
            fresh=self.sweep_config.fresh,
            overwrite=self.sweep_config.overwrite,
            study=study,
            chosen=_chosen(self.sweep_config.variants, rows, sweep),
        )

    def _rows(self, sweep: Sweep, named: bool) -> tuple[list[VariantSpec], list[Config], list[str]]:
        specs, announcements = expand(sweep, self.command, self.groups)
        rows, configs = _composed(specs, self.composer, named)
        unused: dict[str, list[str]] = {}
        for row, config in zip(rows, configs, strict=True):
            for sentence in unused_settings(config):
                unused.setdefault(sentence, []).append(row.name)
        return rows, configs, announcements + [f"{', '.join(names)}: {line}" for line, names in unused.items()]


def _chosen(names: list[str] | None, rows: list[VariantSpec], sweep: Sweep) -> frozenset[str] | None:
    """The variants that `variants=[...]` names; on a grid the name of a variant stands for all of its points."""
    if names is None:
        return None
    if sweep.search is not None:
        raise ConfigError(f"variants={text(names)}: a search draws its variants; leave it out, or set trials")
    by_name = {
        name: [row.name for row in rows if name in (row.name, row.name.removesuffix(row.suffix))] for name in names
    }
    for name, matching in by_name.items():
        if not matching:
            raise ConfigError(
                f"variants={text(names)}: there is no {name}; {nearest(name, [row.name for row in rows])}"
            )
    return frozenset(name for matching in by_name.values() for name in matching)


def _parsed(arguments: list[str]) -> tuple[list[Override], list[str]]:
    """The overrides of a command line, and apart from them those of Hydra itself; its searchpath counts at once."""
    parsed = OverridesParser.create(GlobalHydra.instance().config_loader()).parse_overrides(arguments)
    for path in search_paths(parsed):
        search_also(path)
    typed = [override for override in parsed if not override.is_hydra_override()]
    return typed, [override.input_line or "" for override in parsed if override.is_hydra_override()]


def _composed(specs: list[VariantSpec], composer: Composer, named: bool) -> tuple[list[VariantSpec], list[Config]]:
    """The rows with their interpolations resolved, and the config of each."""
    rows, configs = [], []
    faults: list[tuple[str, str]] = []
    for row in specs:
        try:
            settings, config = composer.variant(row.settings)
            check(config)
            rows.append(_resolved(row, settings))
            configs.append(config)
        except ConfigError as error:
            faults += [(row.name, line) for line in str(error).splitlines()]
        except Exception as error:  # OmegaConf's and Hydra's many kinds; explain() raises those that are not theirs
            faults.append((row.name, explain(error)))
    if faults:
        several = named and len(specs) > 1
        lines = merge_equal_faults(faults) if several else dict.fromkeys(fault for _, fault in faults)
        raise ConfigError("\n".join(lines))
    return rows, configs


def _resolved(row: VariantSpec, settings: Settings) -> VariantSpec:
    if settings == row.settings:
        return row
    own = {key: settings[key] if has_interpolation(value) else value for key, value in flattened(row.own).items()}
    return replace(row, own=own, settings=settings)


def _planned(
    rows: list[VariantSpec], configs: list[Config], compared: dict[str, str | None], composer: Composer
) -> list[PlannedVariant]:
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
                overrides=[composer.override(key, value) for key, value in row.settings.items()],
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
