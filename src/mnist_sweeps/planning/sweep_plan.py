"""The plan of a sweep: its variants, and what becomes of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from mnist_sweeps.config.claim_spec import Claim
from mnist_sweeps.config.schema import Config
from mnist_sweeps.config.sweep_spec import Settings, Sweep
from mnist_sweeps.config.until_decided import UntilDecided
from mnist_sweeps.planning.sampler import SearchState


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
    extended: tuple[int, ...] = ()  # seeds that were added to a finished sweep, one number for each time
    until: UntilDecided | None = None  # the rule of a sweep that adds seeds
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
