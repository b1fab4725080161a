"""The schema of the table: each column with its header and its format."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from mnist_sweeps.config.allowed import CORRUPTIONS, METRICS
from mnist_sweeps.report.load import Report
from mnist_sweeps.report.row import ReportRow
from mnist_sweeps.report.wording import UNATTRIBUTABLE, confidence, percent, percents, points, spread


@dataclass(frozen=True)
class Column:
    """A column of the tables; `wide` columns are shown in Markdown and HTML only.

    The tables of a search always show the `chooser` columns and never the `difference`, because a search does not
    compare rows.
    """

    header: str
    cell: Callable[[ReportRow], str]
    number: bool = True
    judged: bool = False
    wide: bool = False
    reference: bool = False
    folds: bool = False
    evaluated: bool = False
    chooser: bool = False
    difference: bool = False
    rounds: bool = False


def _epochs(row: ReportRow) -> str:
    """`20`, or `17.4` where early stopping ended the seeds at different epochs."""
    epochs = row.summary("epochs_run")
    return "" if epochs is None else f"{epochs.mean:.1f}".removesuffix(".0")


def _accuracy(row: ReportRow) -> str:
    return spread(row.accuracy, ".2f", 100)


def _train(row: ReportRow) -> str:
    return spread(row.summary("evaluated_train_accuracy"), ".2f", 100)


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
    comparison = row.comparison
    if comparison is None:
        return ""
    return f"{points(comparison.difference)} [{points(comparison.low)}, {points(comparison.high)}]"


def _verdict(row: ReportRow) -> str:
    """The verdict, the status of the runs if not all completed, and how many of them only guess."""
    status = "" if row.status == "completed" else row.status.replace("_", " ")
    guessed = f"{len(row.at_chance)} of {row.planned} at chance" if row.at_chance else ""
    return ", ".join(part for part in (row.verdict, status, guessed) if part)


def _changes(row: ReportRow) -> str:
    changes = ", ".join(row.variant.changes)
    return changes if row.attributable else f"{changes} ({UNATTRIBUTABLE})"


def _notebook(row: ReportRow) -> str:
    """`98.44 (0.0533)`: what the notebook printed, accuracy % (with folds: fold accuracy %) and loss."""
    loss = row.reference.get("test_loss")
    printed = "" if row.printed is None else percent(row.printed)
    return printed if loss is None else f"{printed} ({loss:.4f})".lstrip()


# Wide columns that explain other columns come last, so that a narrow window cuts off these first.
TABLE = (
    Column("Architecture", lambda row: row.name, number=False),
    Column("Changes", _changes, number=False, wide=True),
    Column("Hidden", lambda row: "" if row.hidden is None else str(row.hidden)),
    Column("Epochs", _epochs),
    Column("Params", lambda row: "" if row.parameters is None else f"{row.parameters:,}"),
    Column("Seeds", lambda row: str(len(row.variant.seeds)), rounds=True),
    Column("Test loss", _loss),
    Column("Test accuracy %", _accuracy),
    Column("Train accuracy %", _train, evaluated=True),
    Column("Folds %", _folds, folds=True),
    Column("Difference pp", _difference, judged=True, difference=True),
    Column("Verdict", _verdict, number=False, judged=True),
    Column("Notebook", _notebook, reference=True),
    Column("Rank", lambda row: "" if row.rank is None else str(row.rank)),
    Column("Accuracy (95 %)", _interval, wide=True),
    Column("One run (95 %)", _prediction, wide=True, reference=True),
    Column("Validation %", _validation, wide=True, chooser=True),
)


def columns(report: Report, wide: bool) -> list[Column]:
    """The columns of a table of the report; those for notebook values, folds and training images only if it has any.

    Args:
        report: The report.
        wide: Whether the table has room for the wide columns.
    """
    after = next(place for place, column in enumerate(TABLE) if column.header == "Folds %")
    table = (*TABLE[:after], *map(_corrupted, _evaluated(report)), *map(_extra, _metrics(report)), *TABLE[after:])
    return [_with_level(column, report.plan.looks) for column in table if _fits(column, report, wide)]


def _with_level(column: Column, looks: int) -> Column:
    """The column of differences with the level of their intervals in its header: `Difference pp (95 %)`."""
    return replace(column, header=f"{column.header} ({confidence(looks)})") if column.difference else column


def _evaluated(report: Report) -> list[str]:
    """The kinds of corrupted test images that a row was scored on."""
    return [kind for kind in CORRUPTIONS if any(row.summary(f"{kind}_accuracy") for row in report.rows)]


def _corrupted(kind: str) -> Column:
    """The accuracy on corrupted test images: `Noisy %`."""
    name = kind.replace("_", " ").capitalize()
    return Column(f"{name} %", lambda row: spread(row.summary(f"{kind}_accuracy"), ".2f", 100))


def _metrics(report: Report) -> list[str]:
    """The metrics of `training.metrics` that a row has."""
    return [name for name in METRICS if any(row.summary(f"test_{name}") for row in report.rows)]


def _extra(name: str) -> Column:
    """A metric of Keras on the test images: `F1 score`."""
    return Column(name.replace("_", " ").capitalize(), lambda row: spread(row.summary(f"test_{name}"), ".4f"))


def _fits(column: Column, report: Report, wide: bool) -> bool:
    searched = report.plan.search is not None
    has_room = wide or not column.wide or (searched and column.chooser)
    has_reference = bool(report.plan.reference) or not column.reference
    if column.rounds and report.plan.until is None:
        return False
    has_folds = not column.folds or "folds" in report.has
    has_evaluated = not column.evaluated or "evaluated_train" in report.has
    return has_room and has_reference and has_folds and has_evaluated and not (searched and column.difference)
