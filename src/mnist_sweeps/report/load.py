"""The rows of a sweep's report, read from its folder."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from math import inf
from pathlib import Path

from mnist_sweeps.config.allowed import CORRUPTIONS, METRICS
from mnist_sweeps.report.answer import answer
from mnist_sweeps.report.claims.judge import JudgedClaim, judge_claims
from mnist_sweeps.report.compare import comparisons, superiorities
from mnist_sweeps.report.effects import GridEffects, grid_effects, in_words
from mnist_sweeps.report.header import header
from mnist_sweeps.report.new_digits import new_digits
from mnist_sweeps.report.notes.all_notes import notes
from mnist_sweeps.report.prediction import one_more
from mnist_sweeps.report.rounds import round_comparisons
from mnist_sweeps.report.row import ReportRow
from mnist_sweeps.stats import Comparison
from mnist_sweeps.storage.read_runs import read_runs
from mnist_sweeps.storage.sweep_file import read_sweep_file
from mnist_sweeps.storage.sweep_record import SweepRecord, VariantRecord

__all__ = ["Report", "ReportRow", "assemble", "read"]


@dataclass(frozen=True)
class Report:
    """A sweep's rows in the plan's order, and the text around them: `title`, `header`, `answer`, `notes`, `claims`.

    `effects` are those of a grid's settings; None for sweeps of other kinds.
    """

    folder: Path
    plan: SweepRecord
    header: str
    answer: str
    rows: tuple[ReportRow, ...]
    notes: tuple[str, ...]
    claims: tuple[JudgedClaim, ...] = ()
    effects: GridEffects | None = None

    @cached_property
    def new_digits(self) -> dict[str, tuple[float, float]]:
        """The 95 % interval of differences over new seeds and new digits, by row name; it reads predictions."""
        return new_digits(self.rows)

    @cached_property
    def has(self) -> frozenset[str]:
        """What any of the rows has: `folds`, `evaluated_train`, runs `at_chance`, corrupted images, extra metrics."""
        scores = {name for row in self.rows for run in row.finished for name in run.scores}
        corrupted = {kind for kind in CORRUPTIONS if f"{kind}_accuracy" in scores}
        extra = {name for name in METRICS if f"test_{name}" in scores}
        folds = {"folds"} if any(row.folds for row in self.rows) else set()
        chance = {"at_chance"} if any(row.at_chance for row in self.rows) else set()
        train = {"evaluated_train"} & {name.removesuffix("_accuracy") for name in scores}
        return frozenset(corrupted | extra | folds | chance | train)

    @property
    def sweep(self) -> str:
        """Name of the sweep."""
        return self.plan.sweep

    @property
    def question(self) -> str | None:
        """The question that the sweep answers; None for single trainings."""
        return self.plan.question

    @property
    def title(self) -> str:
        """`sweep: question`."""
        return f"{self.sweep}: {self.question}" if self.question else self.sweep


def read(folder: Path) -> Report:
    """The report of the sweep in `folder`, from its sweep.yaml, run.json and history.csv files only.

    Runs that are missing, unfinished or unreadable are named in the notes and do not stop the report.

    Raises:
        FileNotFoundError: `folder` has no sweep.yaml.
        ValueError: sweep.yaml is not a valid plan of a sweep.
    """
    folder = Path(folder)
    plan = read_sweep_file(folder)
    unique = {v.name: _row(folder, v, plan) for v in plan.variants if not _is_duplicate(v, plan)}
    rows = [unique.get(v.name) or _duplicate(unique[str(v.same_as)], v, plan) for v in plan.variants]
    return assemble(folder, plan, rows)


def assemble(
    folder: Path, plan: SweepRecord, rows: list[ReportRow], decided: Mapping[str, Comparison | None] | None = None
) -> Report:
    """The report of rows that are not compared and ranked yet.

    Args:
        folder: The sweep's folder.
        plan: The sweep.
        rows: One for each variant of the plan, with its runs.
        decided: Rows by name that keep the comparison they have, and enter no other.
    """
    decided = decided or {}
    effects = grid_effects(plan, rows)
    compared = _compared([row for row in rows if row.name not in decided], plan)
    by_name = {row.name: row for row in compared} | {
        row.name: replace(row, comparison=decided[row.name]) for row in rows if row.name in decided
    }
    rows = _ordered(_ranked([by_name[row.name] for row in rows]), plan.order)
    return Report(
        folder,
        plan,
        header(plan, rows),
        " ".join(filter(None, (answer(plan, rows), in_words(effects)))),
        tuple(rows),
        notes(plan, rows),
        judge_claims(plan, rows),
        effects,
    )


def _is_duplicate(variant: VariantRecord, plan: SweepRecord) -> bool:
    """Whether the variant equals another one of the plan, so that one training serves both."""
    return variant.same_as is not None and any(v.name == variant.same_as and v.same_as is None for v in plan.variants)


def _row(folder: Path, variant: VariantRecord, plan: SweepRecord) -> ReportRow:
    runs = read_runs(folder / variant.folder)
    planned = tuple(run for run in runs.readable if run.key in variant.runs)
    strays = tuple(run.folder for run in runs.readable if run.key not in variant.runs)
    row = ReportRow(
        variant=variant,
        folder=folder / variant.folder,
        planned=len(variant.runs),
        runs=replace(runs, readable=planned, strays=strays),
        reference=plan.reference.get(variant.name, {}),
    )
    return replace(row, predicted=_predicted(row))


def _predicted(row: ReportRow) -> tuple[float, float] | None:
    """The 95 % interval, inside 0..1, for one more run, or for the folds of one more seed."""
    prediction = one_more(row, row.measure)
    if prediction is None:
        return None
    low, high = prediction[0].interval()
    return max(low, 0.0), min(high, 1.0)


def _duplicate(row: ReportRow, variant: VariantRecord, plan: SweepRecord) -> ReportRow:
    """The row of a variant that equals another row, with that row's runs."""
    return replace(row, variant=variant, same_as=row.name, reference=plan.reference.get(variant.name, {}))


def _compared(rows: list[ReportRow], plan: SweepRecord) -> list[ReportRow]:
    by_name = (
        round_comparisons(plan, rows) if plan.until else comparisons(rows, plan.margin, plan.looks, plan.dropped_tests)
    )
    beats = superiorities(rows)
    return [replace(row, comparison=by_name.get(row.name), superiority=beats.get(row.name)) for row in rows]


def _ranked(rows: list[ReportRow]) -> list[ReportRow]:
    """The rows with their rank by `ReportRow.score`; equal scores share a rank, rows without a score have none."""
    scores = [row.score for row in rows]
    ranked = [score for row, score in zip(rows, scores, strict=True) if score is not None and not row.same_as]
    return [
        row if score is None else replace(row, rank=1 + sum(other > score for other in ranked))
        for row, score in zip(rows, scores, strict=True)
    ]


def _ordered(rows: list[ReportRow], order: str) -> list[ReportRow]:
    """The rows by rank, unranked ones last, if the plan orders by rank; else in the given order."""
    return sorted(rows, key=lambda row: row.rank or inf) if order == "rank" else rows
