"""The columns and cells of the page's table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from mnist_sweeps.config.allowed import CORRUPTIONS, METRICS
from mnist_sweeps.report.load import Report
from mnist_sweeps.report.row import ReportRow
from mnist_sweeps.report.tables.columns import columns
from mnist_sweeps.report.wording import points

FAILED = ("failed", "diverged", "killed", "timed_out", "interrupted", "unreadable")
HIDDEN = (
    "Hidden", "Changes", "Accuracy (95 %)", "One run (95 %)", "Runs", "Seconds", "p adjusted", "New digits pp (95 %)",
    "Run better % (95 %)",
)  # fmt: skip  # until chosen


@dataclass(frozen=True)
class PageColumn:
    """A column with the number that it is sorted by; None sorts by its text."""

    header: str
    cell: Callable[[ReportRow], str]
    value: Callable[[ReportRow], float | None] | None
    shown: bool


VALUES: dict[str, Callable[[ReportRow], float | None]] = {
    "Hidden": lambda row: row.hidden,
    "Epochs": lambda row: _mean(row, "epochs_run"),
    "Params": lambda row: row.parameters,
    "Test loss": lambda row: _mean(row, "test_loss"),
    "Test accuracy %": lambda row: _mean(row, "test_accuracy"),
    "Train accuracy %": lambda row: _mean(row, "evaluated_train_accuracy"),
    "Folds %": lambda row: _mean(row, "fold_accuracy"),
    "Notebook": lambda row: row.printed,
    "Rank": lambda row: row.rank,
    "Accuracy (95 %)": lambda row: _mean(row, "test_accuracy"),
    "One run (95 %)": lambda row: row.predicted and row.predicted[0],
    "Validation %": lambda row: row.validation,
}
Entry = tuple[str, Callable[[ReportRow], str], Callable[[ReportRow], float | None] | None]
MORE: tuple[Entry, ...] = (
    ("Runs", lambda row: f"{len(row.finished)} of {row.planned}", lambda row: len(row.finished)),
    ("Seconds", lambda row: "" if row.seconds is None else f"{row.seconds:.1f}", lambda row: row.seconds),
    ("p adjusted", lambda row: _p(row), lambda row: row.comparison.p_adjusted if row.comparison else None),
    (
        "Run better % (95 %)",
        lambda row: beats(row),
        lambda row: row.superiority.probability if row.superiority else None,
    ),
)


def page_columns(report: Report) -> list[PageColumn]:
    """The columns of report.md, and five more that are hidden until they are chosen.

    A column that is empty in every row is left out.
    """
    known: list[Entry] = [
        (column.header, column.cell, _difference if column.difference else _value_of(column.header))
        for column in columns(report, wide=True)
    ]
    wide = report.new_digits
    new_digits: Entry = (
        "New digits pp (95 %)",
        lambda row: f"{points(wide[row.name][0])} to {points(wide[row.name][1])}" if row.name in wide else "",
        lambda row: wide[row.name][0] if row.name in wide else None,
    )
    return [
        PageColumn(header, cell, value, header not in HIDDEN)
        for header, cell, value in (*known, *MORE, new_digits)
        if any(map(cell, report.rows))
    ]


def beats(row: ReportRow) -> str:
    """`97 [81, 100]`: how many per cent of the pairs of runs this row wins against the other, ties as half."""
    found = row.superiority
    if found is None:
        return ""
    return f"{100 * found.probability:.0f} [{100 * found.low:.0f}, {100 * found.high:.0f}]"


def ordered(rows: Sequence[ReportRow]) -> list[ReportRow]:
    """The rows as the table shows them first: those with failed runs on top, the others in the report's order."""
    return sorted(rows, key=lambda row: not failing(row))


def failing(row: ReportRow) -> bool:
    """Whether a run of the row failed or cannot be read."""
    return bool(row.runs.complaints) or any(run.status in FAILED for run in row.runs.readable)


def _difference(row: ReportRow) -> float | None:
    return row.comparison.difference if row.comparison else None


def _value_of(header: str) -> Callable[[ReportRow], float | None] | None:
    return VALUES.get(header) or _of_added(header)


def _of_added(header: str) -> Callable[[ReportRow], float | None] | None:
    """The value of a column like `Low contrast %` or `F1 score`; None for any other."""
    name = header.removesuffix(" %").lower().replace(" ", "_")
    metrics = {**{kind: f"{kind}_accuracy" for kind in CORRUPTIONS}, **{name: f"test_{name}" for name in METRICS}}
    return (lambda row: _mean(row, metrics[name])) if name in metrics else None


def _mean(row: ReportRow, metric: str) -> float | None:
    summary = row.summary(metric)
    return None if summary is None else summary.mean


def _p(row: ReportRow) -> str:
    p = row.comparison and row.comparison.p_adjusted
    return "" if p is None else f"{p:.3g}"
