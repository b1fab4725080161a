"""What sweep.yaml says of a sweep, as plain data; `sweep_file` reads and writes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from mnist_sweeps.config.claim_spec import Claim
from mnist_sweeps.config.schema import RunKey, run_keys
from mnist_sweeps.config.until_decided import UntilDecided
from mnist_sweeps.runtime.device import Machine

Settings = dict[str, Any]  # values by key, as in `{model.dropout: 0.5}`


@dataclass(frozen=True)
class VariantRecord:
    """One variant as it was planned; `folder` is the name of its folder, `changes` against `compared_with`."""

    name: str
    folder: str
    seeds: tuple[int, ...]
    folds: int | None = None
    compared_with: str | None = None
    changes: tuple[str, ...] = ()
    same_as: str | None = None
    overrides: Settings = field(default_factory=dict)

    @property
    def runs(self) -> list[RunKey]:
        """Every training that was planned."""
        return run_keys(self.seeds, self.folds)


@dataclass(frozen=True)
class SearchRecord:
    """How the variants of a search came about.

    `space` holds what each key is drawn from (`choice(8, 16)`), `drawn` the settings of each trial, `floors` its
    pruning thresholds by epoch (None: it is not pruned), `running` the places (from 0) of the trials that were trained
    when it was drawn, in a search that is `asynchronous`. `winner` is the name of the trial that is trained anew with
    `winner_settings`. `scores` are validation accuracies of the trials (None: the trial has none), `importances`
    shares of the scores' variance by key, `importance_intervals` their 95 % intervals; all three are empty until all
    trials are trained.
    """

    sampler: str
    seed: int
    trials: int
    space: Settings
    drawn: tuple[Settings, ...] = ()
    pruner: str | None = None
    floors: tuple[list[float] | None, ...] = ()
    asynchronous: bool = False
    running: tuple[list[int], ...] = ()
    winner: str | None = None
    winner_settings: Settings | None = None
    scores: tuple[float | None, ...] = ()
    importances: Mapping[str, float] = field(default_factory=dict)
    importance_intervals: Mapping[str, tuple[float, float]] = field(default_factory=dict)

    @property
    def overrides(self) -> str:
        """What the winner sets besides its trial: `training.epochs=50`."""
        return ", ".join(f"{key}={value}" for key, value in (self.winner_settings or {}).items())


@dataclass(frozen=True)
class SweepRecord:
    """What a sweep asks, what it runs on, and its variants.

    `margin_points` is the margin of `same within` in percentage points. `order` is how the variants are shown: as in
    the `file`, or by `rank`. `reference` holds printed values by variant and column, `compare` the variants that are
    not compared with the baseline. `until` is the rule of a sweep that adds seeds until its comparisons are decided,
    `extended` how many seeds were added to each variant after the sweep was finished, one number each time.
    """

    sweep: str
    variants: tuple[VariantRecord, ...]
    question: str | None = None
    command: str | None = None
    made: str | None = None  # ISO 8601
    machine: Machine | None = None
    data: str | None = None  # in files of the first versions only
    baseline: str | None = None
    margin_points: float = 0.2
    order: str = "file"
    compare: Mapping[str, str] = field(default_factory=dict)
    reference_columns: tuple[str, ...] = ()
    reference: dict[str, dict[str, float]] = field(default_factory=dict)
    claims: tuple[Claim, ...] = ()
    search: SearchRecord | None = None
    until: UntilDecided | None = None
    extended: tuple[int, ...] = ()
    dropped: tuple[VariantRecord, ...] = ()  # rows that were taken out after their training

    @property
    def dropped_tests(self) -> int:
        """Comparisons of dropped rows: p is adjusted over them, too, as their results may have been seen."""
        return sum(variant.compared_with is not None and variant.same_as is None for variant in self.dropped)

    @property
    def looks(self) -> int:
        """How often the runs are tested at most, each time with an equal share of the 5 %."""
        if self.until is None:
            return 1 + len(self.extended)
        from mnist_sweeps.stats import ROUNDS  # SciPy: 0.1 s that other sweeps do not need

        return ROUNDS

    @property
    def margin(self) -> float:
        """The margin as a fraction: 0.002 for 0.2 percentage points."""
        return self.margin_points / 100
