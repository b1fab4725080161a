"""What speaks for or against a claim: the test that its metric allows."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import nan

from mnist_sweeps.config.claim_spec import Claim
from mnist_sweeps.report.compare import fold_scores, samples
from mnist_sweeps.report.row import ReportRow
from mnist_sweeps.stats import (
    Difference,
    accuracy_above,
    accuracy_difference,
    fold_difference,
    metric_above,
    metric_difference,
    pool,
)


@dataclass(frozen=True)
class Evidence:
    """A row minus another, or minus a value, in the metric's unit (accuracies: fractions), with its 95 % interval.

    Interval and p are None where no spread is known. `certain`: all runs of the row gave one value, as recall 0 of a
    digit that is never predicted, where no law says how far they could have been apart.
    """

    difference: float
    low: float | None
    high: float | None
    p: float | None
    method: str
    certain: bool = False


def evidence(claim: Claim, rows: Mapping[str, ReportRow]) -> Evidence | None:
    """The test of a claim; None before both sides have been measured, and where both are one configuration.

    Test accuracy is compared as in the table: by the dispersion that the sweep's rows share, single runs by the noise
    law. Other metrics have no law: Welch's test, or t against a value. Folds share training images, so that their
    accuracies go by the corrected resampled t test, over the folds and seeds that both rows have.
    """
    row, other = rows[claim.row], rows.get(claim.against or "")
    values, others = row.metric(claim.metric), other.metric(claim.metric) if other else ()
    if not values or (other and not others) or (other and other.trained == row.trained):
        return None
    if claim.metric == "test_accuracy":
        return _by_law(claim, row, other, rows)
    if claim.metric == "fold_accuracy" and other:
        return _by_folds(row, other, rows)
    if other:
        found, difference = metric_difference(values, others), _mean(values) - _mean(others)
    else:
        found, difference = metric_above(values, float(claim.value or 0)), _mean(values) - float(claim.value or 0)
    if found:
        return _of(found)
    certain = other is None and len(values) > 1
    return Evidence(difference, None, None, None, "all runs equal" if certain else "no spread known", certain)


def _by_law(claim: Claim, row: ReportRow, other: ReportRow | None, rows: Mapping[str, ReportRow]) -> Evidence:
    known = samples(list(rows.values()))
    if other:
        return _of(accuracy_difference(row.trained, other.trained, known, pool(known)))
    return _of(accuracy_above(row.trained, float(claim.value or 0), known, pool(known)))


def _by_folds(row: ReportRow, other: ReportRow, rows: Mapping[str, ReportRow]) -> Evidence:
    """Over the pairs of runs with the same seed and fold."""
    known = fold_scores(list(rows.values()))
    mine, theirs = known[row.trained], known[other.trained]
    gaps = mine.pairs(theirs)
    if len(gaps) < 2:
        return Evidence(gaps[0] if gaps else nan, None, None, None, "no spread known")
    return _of(fold_difference(mine, theirs))


def _of(found: Difference) -> Evidence:
    return Evidence(found.value, *found.interval, found.p, found.method)


def _mean(values: tuple[float, ...] | list[float]) -> float:
    return sum(values) / len(values)
