"""The plan of a sweep: its rows composed and checked, with what each changes and where its runs go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hydra.core.global_hydra import GlobalHydra
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.override_parser.types import Override

from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.config.expand import expand
from mnist_sweeps.config.schema import Config
from mnist_sweeps.config.sweep_spec import Sweep, VariantSpec, comparisons
from mnist_sweeps.config.unused import unused_settings
from mnist_sweeps.planning import trials
from mnist_sweeps.planning.bind_claims import bind_claims
from mnist_sweeps.planning.compose import groups, search_also, session
from mnist_sweeps.planning.composer import Composer
from mnist_sweeps.planning.explain_errors import explain
from mnist_sweeps.planning.overrides import (
    command_of,
    override_text,
    question_overrides,
    search_paths,
    with_quoted_path,
)
from mnist_sweeps.planning.planned_variants import chosen_variants, compose_variants, planned_variants
from mnist_sweeps.planning.sampler import SearchState
from mnist_sweeps.planning.seeds import check_rounds, in_round, seed_rule
from mnist_sweeps.planning.sweep_config import sweep_config
from mnist_sweeps.planning.sweep_plan import SweepPlan
from mnist_sweeps.storage import folder_names


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
    """As `plan`, in a separate Hydra session: Python callers may have another one.

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
        if sweep.search is None and any(override.key_or_group == "trials" for override in self.typed):
            raise ConfigError(f"trials={self.sweep_config.trials}: only a search draws trials; leave it out")
        if sweep.search is not None:
            sweep, study, drawn = trials.rows(
                sweep, self.command, study, lambda variants: self._rows(replace(sweep, variants=variants), named)[1]
            )
        rows, configs, announcements = self._rows(sweep, named)
        until = seed_rule(sweep, rows, configs)
        planned = planned_variants(rows, configs, comparisons(sweep, rows), self.composer)
        compared = {row.name: row.compared_with for row in planned}
        claims, omitted = bind_claims(sweep, self.command, {row.name: row.config for row in planned}, compared)
        if self.command.size and (sweep.claims or sweep.reference):
            sweep, claims = replace(sweep, reference={}), []
            omitted = [f"size={self.sweep_config.size}: claims and printed values are about the full size, not judged"]
        if study is not None and study.winner is not None:
            planned[-1] = replace(planned[-1], folder=trials.folder(study.winner))
        chosen = chosen_variants(self.sweep_config.variants, rows, sweep)
        if until is not None:
            check_rounds(planned, chosen, configs[0].seeds)
        name = _name(self.sweep_config.name, self.typed)
        plan = SweepPlan(
            name=name,
            folder=self.sweep_config.folder or self.sweep_config.outputs / name,
            sweep=sweep,
            rows=planned,
            claims=claims,
            announcements=drawn + announcements + omitted,
            fresh=self.sweep_config.fresh,
            overwrite=self.sweep_config.overwrite,
            study=study,
            chosen=chosen,
            until=until,
        )
        return in_round(plan, {row.name: until.at_least for row in planned}) if until else plan

    def _rows(self, sweep: Sweep, named: bool) -> tuple[list[VariantSpec], list[Config], list[str]]:
        specs, announcements = expand(sweep, self.command, self.groups)
        rows, configs = compose_variants(specs, self.composer, named)
        unused: dict[str, list[str]] = {}
        for row, config in zip(rows, configs, strict=True):
            for sentence in unused_settings(config):
                unused.setdefault(sentence, []).append(row.name)
        return rows, configs, announcements + [f"{', '.join(names)}: {line}" for line, names in unused.items()]


def _parsed(arguments: list[str]) -> tuple[list[Override], list[str]]:
    """The overrides of a command line, and apart from them those of Hydra itself; its searchpath counts at once."""
    parsed = OverridesParser.create(GlobalHydra.instance().config_loader()).parse_overrides(arguments)
    for path in search_paths(parsed):
        search_also(path)
    typed = [override for override in parsed if not override.is_hydra_override()]
    return typed, [override.input_line or "" for override in parsed if override.is_hydra_override()]


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
