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
    accuracy_above,
    accuracy_difference,
    fold_difference,
    metric_above,
    metric_difference,
    pool,
)
from mnist_sweeps.stats.difference import UNTESTED


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


def evidence(claim: Claim, rows: Mapping[str, ReportRow]) -> Evidence | None:
    """The test of a claim; None until both rows have completed runs, and if both are the same training.

    Test accuracy is compared as in the table: with the dispersion pooled over the sweep's rows, and with the noise law
    for single runs. Other metrics use Welch's test, or a one-sample t test against a value. Folds share training
    images, so fold accuracies use the corrected resampled t test over the folds and seeds that both rows have.

    Args:
        claim: The claim, about one row, or about one row against another or against a value.
        rows: All rows of the report, by name.
    """
    row, other = rows[claim.row], rows.get(claim.against or "")
    values, other_values = row.metric(claim.metric), other.metric(claim.metric) if other else ()
    if not values or (other and not other_values) or (other and other.trained == row.trained):
        return None
    if claim.metric == "test_accuracy":
        return _by_law(claim, row, other, rows)
    if claim.metric == "fold_accuracy" and other:
        return _by_folds(row, other, rows)
    if other:
        test, difference = metric_difference(values, other_values), _mean(values) - _mean(other_values)
    else:
        test, difference = metric_above(values, float(claim.value or 0)), _mean(values) - float(claim.value or 0)
    if test:
        return _of(test)
    if len(values) == 1 or len(other_values) == 1:
        return Evidence(difference, None, None, None, ONE_SEED)
    certain = other is None
    return Evidence(difference, None, None, None, "all runs equal" if certain else "no spread known", certain)


def _by_law(claim: Claim, row: ReportRow, other: ReportRow | None, rows: Mapping[str, ReportRow]) -> Evidence:
    by_row = samples(list(rows.values()))
    if other:
        return _of(accuracy_difference(row.trained, other.trained, by_row, pool(by_row)))
    return _of(accuracy_above(row.trained, float(claim.value or 0), by_row, pool(by_row)))


def _by_folds(row: ReportRow, other: ReportRow, rows: Mapping[str, ReportRow]) -> Evidence:
    """The corrected resampled t test over the pairs of runs with the same seed and fold."""
    by_row = fold_scores(list(rows.values()))
    scores, other_scores = by_row[row.trained], by_row[other.trained]
    differences = scores.pairs(other_scores)
    if len(differences) < 2:
        return Evidence(differences[0] if differences else nan, None, None, None, "no spread known")
    return _of(fold_difference(scores, other_scores))


def _of(difference: Difference) -> Evidence:
    if difference.method in UNTESTED:
        return Evidence(difference.value, *difference.interval, None, difference.method)
    return Evidence(difference.value, *difference.interval, difference.p, difference.method, tested=difference)


def _mean(values: tuple[float, ...] | list[float]) -> float:
    return sum(values) / len(values)
