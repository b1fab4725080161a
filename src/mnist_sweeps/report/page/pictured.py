"""Which rows have pictures on the page: all of them in most sweeps."""

from __future__ import annotations

from math import inf

from mnist_sweeps.report.load import Report
from mnist_sweeps.report.row import ReportRow

ROWS = 120  # with pictures; they take 25 kB each, and a page should stay below 10 MB


def pictured(report: Report) -> list[ReportRow]:
    """The rows with a completed run, in the order of the report: the best by rank, and those that others name.

    Rows with `same_as` have the pictures of that row.
    """
    rows = [row for row in report.rows if row.finished and row.same_as is None]
    named = {report.plan.baseline, *(row.variant.compared_with for row in rows[:ROWS])}
    by_rank = sorted(rows, key=lambda row: (row.name not in named, row.rank or inf))
    kept = {row.name for row in by_rank[:ROWS]}
    return [row for row in rows if row.name in kept]


def omitted_note(report: Report) -> str:
    """Which rows have no pictures, in words; empty where all have."""
    total = sum(1 for row in report.rows if row.finished and row.same_as is None)
    return f"Pictures are of {ROWS} of {total:,} rows, the best by validation and the baseline." if total > ROWS else ""
