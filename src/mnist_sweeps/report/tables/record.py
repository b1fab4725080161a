"""The schema of report.csv."""

from mnist_sweeps.config.allowed import CORRUPTIONS, METRICS
from mnist_sweeps.report.load import Report
from mnist_sweeps.report.row import ReportRow
from mnist_sweeps.report.wording import UNATTRIBUTABLE

# Columns that hold text: a variant called `None` or `0.001` is a name, not a missing value or a number.
TEXTS = (
    "variant", "status", "changes", "attribution", "compared_with", "same_as", "validated_on", "data", "method",
    "verdict",
)  # fmt: skip


def record(row: ReportRow, report: Report) -> dict[str, object]:
    """The row's line of report.csv: accuracies and differences as fractions, None if unknown.

    Args:
        row: The row.
        report: Its report, which decides on the columns for folds and reference values.
    """
    accuracy, comparison = row.accuracy, row.comparison
    loss, train, epochs = (row.summary(name) for name in ("test_loss", "train_accuracy", "epochs_run"))
    fold = row.summary("fold_accuracy")
    predicted = row.predicted or (None, None)
    new_digits = report.new_digits.get(row.name, (None, None))
    beats = row.superiority
    line: dict[str, object] = {
        "variant": row.name,
        "status": row.status,
        "runs": len(row.finished),
        "planned": row.planned,
        "changes": ", ".join(row.variant.changes),
        "attribution": "" if row.attributable else UNATTRIBUTABLE,
        "compared_with": row.variant.compared_with,
        "same_as": row.same_as,
        "test_accuracy_mean": accuracy and accuracy.mean,
        "test_accuracy_sd": accuracy and accuracy.sd,
        "test_accuracy_ci_low": accuracy and accuracy.low,
        "test_accuracy_ci_high": accuracy and accuracy.high,
        "test_loss_mean": loss and loss.mean,
        "test_loss_sd": loss and loss.sd,
        "val_accuracy_mean": row.validation,
        "validated_on": row.validated_on,
        "train_accuracy_mean": train and train.mean,
        "n_test": row.n_test,
        "data": row.data,
        "hidden": row.hidden,
        "parameters": row.parameters,
        "epochs": epochs and epochs.mean,
        "seconds": row.seconds,
        "accuracy_difference": comparison and comparison.difference,
        "accuracy_difference_ci_low": comparison and comparison.low,
        "accuracy_difference_ci_high": comparison and comparison.high,
        "new_digits_ci_low": new_digits[0],
        "new_digits_ci_high": new_digits[1],
        "superiority": beats and beats.probability,
        "superiority_ci_low": beats and beats.low,
        "superiority_ci_high": beats and beats.high,
        "p": comparison and comparison.p,
        "p_adjusted": comparison and comparison.p_adjusted,
        "method": comparison and comparison.method,
        "verdict": row.verdict,
        "rank": row.rank,
    }
    if report.plan.looks > 1:
        line |= {"seeds": len(row.variant.seeds), "looks": report.plan.looks}
    if report.plan.until:
        line |= {"round": comparison and comparison.round}
    if "at_chance" in report.has:
        line |= {"at_chance": len(row.at_chance)}
    if "evaluated_train" in report.has:
        evaluated = row.summary("evaluated_train_accuracy")
        line |= {"evaluated_train_accuracy_mean": evaluated and evaluated.mean}
    if "folds" in report.has:
        line |= {"folds": row.folds, "fold_accuracy_mean": fold and fold.mean, "fold_accuracy_sd": fold and fold.sd}
    for kind in CORRUPTIONS:
        if kind in report.has:
            corrupted = row.summary(f"{kind}_accuracy")
            line |= {f"{kind}_accuracy_mean": corrupted and corrupted.mean}
    for metric in (f"{part}_{name}" for name in METRICS if name in report.has for part in ("test", "val")):
        value = row.summary(metric)
        line |= {f"{metric}_mean": value and value.mean}
    if report.plan.reference:
        printed = dict.fromkeys(column for values in report.plan.reference.values() for column in values)
        line |= {f"reference_{column}": row.reference.get(column) for column in printed}
        line |= {"prediction_low": predicted[0], "prediction_high": predicted[1]}
    return line
