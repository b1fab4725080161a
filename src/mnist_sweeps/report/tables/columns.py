"""The schema of the table: every column once, with its header and its format."""

from collections.abc import Callable
from dataclasses import dataclass

from mnist_sweeps.report.load import Report
from mnist_sweeps.report.row import ReportRow
from mnist_sweeps.report.wording import UNATTRIBUTABLE, percent, percents, points, spread


@dataclass(frozen=True)
class Column:
    """A column of the drawn tables; `wide` ones have room in markdown and html only.

    A search chooses and does not compare: its tables have the `chooser` columns and not the `difference`.
    """

    header: str
    cell: Callable[[ReportRow], str]
    number: bool = True
    judged: bool = False
    wide: bool = False
    reference: bool = False
    folds: bool = False
    chooser: bool = False
    difference: bool = False


def _epochs(row: ReportRow) -> str:
    """`20`, or `17.4` where early stopping ended the seeds at different epochs."""
    epochs = row.summary("epochs_run")
    return "" if epochs is None else f"{epochs.mean:.1f}".removesuffix(".0")


def _accuracy(row: ReportRow) -> str:
    return spread(row.accuracy, ".2f", 100)


def _folds(row: ReportRow) -> str:
    return spread(row.summary("fold_accuracy"), ".2f", 100)


def _interval(row: ReportRow) -> str:
    return percents(row.accuracy.low, row.accuracy.high) if row.accuracy else ""


def _prediction(row: ReportRow) -> str:
    return percents(*row.predicted) if row.predicted else ""


def _validation(row: ReportRow) -> str:
    return "" if row.validation is None else spread(row.summary("val_accuracy"), ".2f", 100)


def _loss(row: ReportRow) -> str:
    return spread(row.summary("test_loss"), ".4f")


def _difference(row: ReportRow) -> str:
    found = row.comparison
    return f"{points(found.difference)} [{points(found.low)}, {points(found.high)}]" if found else ""


def _verdict(row: ReportRow) -> str:
    """The verdict, and how the runs ended where not all completed."""
    missing = "" if row.status == "completed" else row.status.replace("_", " ")
    return ", ".join(words for words in (row.verdict, missing) if words)


def _changes(row: ReportRow) -> str:
    changes = ", ".join(row.variant.changes)
    return changes if row.attributable else f"{changes} ({UNATTRIBUTABLE})"


def _notebook(row: ReportRow) -> str:
    """`98.44 (0.0533)`: what the notebook printed, accuracy % (of the folds where there are folds) and loss."""
    loss = row.reference.get("test_loss")
    printed = "" if row.printed is None else percent(row.printed)
    return printed if loss is None else f"{printed} ({loss:.4f})".lstrip()


# The wide ones that explain the others stand last, where a narrow window cuts them off.
TABLE = (
    Column("Architecture", lambda row: row.name, number=False),
    Column("Changes", _changes, number=False, wide=True),
    Column("Hidden", lambda row: "" if row.hidden is None else str(row.hidden)),
    Column("Epochs", _epochs),
    Column("Params", lambda row: "" if row.parameters is None else f"{row.parameters:,}"),
    Column("Test loss", _loss),
    Column("Test accuracy %", _accuracy),
    Column("Folds %", _folds, folds=True),
    Column("Difference pp (95 %)", _difference, judged=True, difference=True),
    Column("Verdict", _verdict, number=False, judged=True),
    Column("Notebook", _notebook, reference=True),
    Column("Rank", lambda row: "" if row.rank is None else str(row.rank)),
    Column("Accuracy (95 %)", _interval, wide=True),
    Column("One run (95 %)", _prediction, wide=True, reference=True),
    Column("Validation %", _validation, wide=True, chooser=True),
)


def columns(report: Report, wide: bool) -> list[Column]:
    """The columns of a table of this report, those of notebook and folds only where there are any."""
    return [column for column in TABLE if _fits(column, report, wide)]


def _fits(column: Column, report: Report, wide: bool) -> bool:
    searched = report.plan.search is not None
    room = wide or not column.wide or (searched and column.chooser)
    known = bool(report.plan.reference) or not column.reference
    folded = not column.folds or any(row.folds for row in report.rows)
    return room and known and folded and not (searched and column.difference)
