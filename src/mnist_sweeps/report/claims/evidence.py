"""The statistical test of a claim, chosen by its metric."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import nan

from mnist_sweeps.config.claim_spec import Claim
from mnist_sweeps.report.compare import fold_scores, samples
from mnist_sweeps.report.row import ReportRow
from mnist_sweeps.stats import (
    ONE_SEED,
    Difference,
    Sample,
    accuracy_above,
    accuracy_difference,
    fold_difference,
    metric_above,
    metric_difference,
    pool,
)
from mnist_sweeps.stats.compare import LEVEL
from mnist_sweeps.stats.difference import UNTESTED
from mnist_sweeps.stats.race_round import NOT_SHARED

Sides = tuple[ReportRow, ReportRow | None]  # of a claim: its row, and the one that it is against


@dataclass(frozen=True)
class Evidence:
    """A row minus another, or minus a value, in the metric's unit (accuracies: fractions), with its 95 % interval.

    Interval and p are None if the spread is unknown. With a single run on a side the interval of an accuracy is the
    noise law's band, and p is None. `tested` is the test, None without one. `certain` is true if all runs of the row
    have the same value (for example recall 0 of a digit that is never predicted) and the noise law does not cover the
    metric.
    """

    difference: float
    low: float | None
    high: float | None
    p: float | None
    method: str
    certain: bool = False
    tested: Difference | None = None


def evidence(
    claim: Claim, sides: Sides, rows: Mapping[str, ReportRow], looks: int = 1, rounds: bool = False
) -> Evidence | None:
    """The test of a claim; None until both rows have completed runs, and if both are the same training.

    Test accuracy is compared as in the table: with the dispersion pooled over the sweep's rows, and with the noise law
    for single runs. Other metrics use Welch's test, or a one-sample t test against a value. Folds share training
    images, so fold accuracies use the corrected resampled t test over the folds and seeds that both rows have.

    Args:
        claim: The claim, about one row, or about one row against another or against a value.
        sides: What `compared` returns for it.
        rows: All rows of the report, by name.
        looks: How often the runs are tested at most: an interval is wider, so that it holds at each of them.
        rounds: Whether seeds were added until decided. Then two rows are compared on as many seeds of both, and spread
            each by their own runs: how many runs the others have depends on their results.
    """
    row, other = sides
    values, other_values = row.metric(claim.metric), other.metric(claim.metric) if other else ()
    if not values or (other and not other_values) or (other and other.trained == row.trained):
        return None
    if claim.metric == "test_accuracy":
        return _by_law(claim, row, other, samples(list(rows.values())), looks, rounds)
    if claim.metric == "fold_accuracy" and other:
        return _by_folds(row, other, rows, looks)
    if other:
        test, difference = metric_difference(values, other_values), _mean(values) - _mean(other_values)
    else:
        test, difference = metric_above(values, float(claim.value or 0)), _mean(values) - float(claim.value or 0)
    if test:
        return _of(test, looks)
    if len(values) == 1 or len(other_values) == 1:
        return Evidence(difference, None, None, None, ONE_SEED)
    certain = other is None
    return Evidence(difference, None, None, None, "all runs equal" if certain else "no spread known", certain)


def compared(claim: Claim, rows: Mapping[str, ReportRow], rounds: bool = False) -> Sides:
    """The row of a claim and the one it is against, None without; with the same number of seeds, if they had rounds."""
    row, other = rows[claim.row], rows.get(claim.against or "")
    if rounds and other:
        seeds = min(len(row.variant.seeds), len(other.variant.seeds))
        return row.first_seeds(seeds), other.first_seeds(seeds)
    return row, other


def _by_law(
    claim: Claim, row: ReportRow, other: ReportRow | None, by_row: dict[str, Sample], looks: int, rounds: bool
) -> Evidence:
    shared = NOT_SHARED if rounds else pool(by_row)
    if rounds:
        by_row = by_row | {
            side.trained: Sample(side.accuracies, side.n_test or 1, side.chance) for side in (row, other) if side
        }
    if other:
        return _of(accuracy_difference(row.trained, other.trained, by_row, shared), looks)
    return _of(accuracy_above(row.trained, float(claim.value or 0), by_row, shared), looks)


def _by_folds(row: ReportRow, other: ReportRow, rows: Mapping[str, ReportRow], looks: int) -> Evidence:
    """The corrected resampled t test over the pairs of runs with the same seed and fold."""
    by_row = fold_scores(list(rows.values()))
    scores, other_scores = by_row[row.trained], by_row[other.trained]
    differences = scores.pairs(other_scores)
    if len(differences) < 2:
        return Evidence(differences[0] if differences else nan, None, None, None, "no spread known")
    return _of(fold_difference(scores, other_scores), looks)


def _of(difference: Difference, looks: int) -> Evidence:
    interval = difference.interval_at(LEVEL / looks)
    if difference.method in UNTESTED:
        return Evidence(difference.value, *interval, None, difference.method)
    return Evidence(difference.value, *interval, difference.p, difference.method, tested=difference)


def _mean(values: tuple[float, ...] | list[float]) -> float:
    return sum(values) / len(values)
