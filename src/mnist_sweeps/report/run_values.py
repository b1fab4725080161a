"""The values of a metric in the runs of a row."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from mnist_sweeps.config.history_metric import history_metric
from mnist_sweeps.report.confusion_value import confusion_value
from mnist_sweeps.report.history_value import history_value
from mnist_sweeps.report.local_digits import local_digits
from mnist_sweeps.report.weight_statistic import statistic
from mnist_sweeps.storage.run_record import RunRecord


def run_values(runs: Sequence[RunRecord], folder: Path, metric: str) -> tuple[float, ...]:
    """The value in each run that has one.

    Args:
        runs: Runs of a row, all on the same data.
        folder: The folder of the row.
        metric: A score, a number of epochs, of weights or of the confusion matrix, as a claim names it.
    """
    return tuple(value for value in _each(runs, folder, metric) if value is not None)


def _each(runs: Sequence[RunRecord], folder: Path, metric: str) -> Iterator[float | None]:
    history, is_confusion = history_metric(metric), metric.startswith("confusion_")
    digits = local_digits(runs[0].config.get("data") or {}) if runs and is_confusion else None
    for run in runs:
        if history:
            yield history_value(run.history, history)
        elif metric == "parameters":
            yield run.parameters
        elif is_confusion:
            yield confusion_value(folder / run.folder, digits, metric)
        elif "/" in metric:
            yield statistic(folder / run.folder, metric)
        else:
            yield run.metrics.get(metric)
