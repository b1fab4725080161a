"""The rounds of a sweep that adds seeds until its comparisons are decided, from the runs that ended."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import inf

from mnist_sweeps.config.until_decided import UntilDecided
from mnist_sweeps.report.row import ReportRow
from mnist_sweeps.stats import Comparison, Limits, Race, Result, race
from mnist_sweeps.stats.chance import MNIST_CHANCE
from mnist_sweeps.storage.run_record import RunRecord
from mnist_sweeps.storage.sweep_record import SweepRecord

ENDED = ("completed", "failed", "diverged", "timed_out", "killed")  # an interrupted run is trained when it is resumed


def limits(rule: UntilDecided) -> Limits:
    """The rule in the units of `stats`."""
    return Limits(
        rule.at_least,
        rule.at_most,
        seconds=inf if rule.budget is None else 60 * rule.budget,
        power=inf if rule.power is None else rule.power,
    )


def results(records: Iterable[RunRecord | None]) -> list[Result]:
    """How the runs of a row ended, up to the first one that did not.

    Args:
        records: Of its runs in the order of their seeds; None where there is no record.
    """
    ended = []
    for record in records:
        if record is None or record.status not in ENDED:
            break
        accuracy = record.metrics.get("test_accuracy") if record.completed else None
        ended.append(Result(accuracy, record.n_test, record.seconds or 0.0, record.chance or MNIST_CHANCE))
    return ended


def race_of(plan: SweepRecord, rows: Sequence[ReportRow]) -> Race:
    """What the rounds of a report's rows decided, by the names of rows that are trained.

    Args:
        plan: A sweep until decided.
        rows: The rows of its report.
    """
    assert plan.until is not None
    trained = {row.name: row.trained for row in rows}
    against = {
        row.name: trained[row.variant.compared_with]
        for row in rows
        if row.same_as is None and row.variant.compared_with in trained
    }
    ended = {row.name: results(_by_seed(row)) for row in rows if row.same_as is None}
    return race(ended, against, plan.margin, limits(plan.until))


def _by_seed(row: ReportRow) -> list[RunRecord | None]:
    records = {run.key: run for run in row.runs.readable}
    return [records.get(run) for run in row.variant.runs]


def round_comparisons(plan: SweepRecord, rows: Sequence[ReportRow]) -> dict[str, Comparison]:
    """The comparison of each row in its last round, by row name; a row with `same_as` has that of the other row.

    Args:
        plan: A sweep until decided.
        rows: The rows of its report.
    """
    found: Mapping[str, Comparison] = race_of(plan, rows).comparisons
    return {
        row.name: found[row.trained]
        for row in rows
        if row.trained in found and row.variant.compared_with not in (None, row.same_as)
    }
