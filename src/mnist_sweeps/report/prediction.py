"""Prediction of the value that one more run of a row would have, from its completed runs."""

from statistics import fmean

from mnist_sweeps.report.row import ReportRow
from mnist_sweeps.stats import Prediction, predict_accuracy, predict_metric
from mnist_sweeps.storage.run_record import RunRecord


def one_more(row: ReportRow, metric: str) -> tuple[Prediction, int] | None:
    """The prediction for one more run, and the number of runs it is based on; None if their spread is unknown.

    For test accuracy one run is enough, because the noise law gives the spread; other metrics need two runs. With folds
    a source prints the mean over the folds of a seed, so the prediction is for the mean of one more seed, from at least
    two seeds with all their folds.

    Args:
        row: The row.
        metric: Name of the metric.
    """
    if metric == "test_accuracy" and row.accuracies and row.n_test:
        return predict_accuracy(row.accuracies, row.n_test), len(row.accuracies)
    if metric == "fold_accuracy" and row.folds:
        means, images = _over_folds(row)
        return (predict_accuracy(means, images), len(means)) if len(means) > 1 and images else None
    values = row.metric(metric) if metric != "test_accuracy" else ()
    prediction = predict_metric(values) if values else None
    return (prediction, len(values)) if prediction else None


def _over_folds(row: ReportRow) -> tuple[list[float], int]:
    """The mean fold accuracy of every seed with all its folds, and the number of images in all folds of a seed."""
    by_seed: dict[int, list[RunRecord]] = {}
    for run in row.finished:
        by_seed.setdefault(run.seed, []).append(run)
    complete = [
        runs
        for runs in by_seed.values()
        if len(runs) == row.folds and all("fold_accuracy" in run.metrics for run in runs)
    ]
    images = sum(run.n_fold or 0 for runs in complete[:1] for run in runs)
    return [fmean(run.metrics["fold_accuracy"] for run in runs) for runs in complete], images
