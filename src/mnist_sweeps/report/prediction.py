"""Where one more draw of what a source printed would lie, from our runs of its row."""

from statistics import fmean

from mnist_sweeps.report.row import ReportRow
from mnist_sweeps.stats import Prediction, predict_accuracy, predict_metric
from mnist_sweeps.storage.run_record import RunRecord


def one_more(row: ReportRow, metric: str) -> tuple[Prediction, int] | None:
    """The law of one more run's value, and how many of ours it is from; None where nothing says how far it may lie.

    Test accuracies have the noise law where there is one run; other metrics need two. With folds a source prints the
    mean over the folds of a seed: so the law is of our seeds' means, and there is none of a single seed.
    """
    if metric == "test_accuracy" and row.accuracies and row.n_test:
        return predict_accuracy(row.accuracies, row.n_test), len(row.accuracies)
    if metric == "fold_accuracy" and row.folds:
        means, images = _over_folds(row)
        return (predict_accuracy(means, images), len(means)) if len(means) > 1 and images else None
    values = row.metric(metric) if metric != "test_accuracy" else ()
    law = predict_metric(values) if values else None
    return (law, len(values)) if law else None


def _over_folds(row: ReportRow) -> tuple[list[float], int]:
    """The mean fold accuracy of every seed that has all its folds, and how many images these hold together."""
    by_seed: dict[int, list[RunRecord]] = {}
    for run in row.finished:
        by_seed.setdefault(run.seed, []).append(run)
    whole = [
        of for of in by_seed.values() if len(of) == row.folds and all("fold_accuracy" in run.metrics for run in of)
    ]
    images = sum(run.n_fold or 0 for of in whole[:1] for run in of)
    return [fmean(run.metrics["fold_accuracy"] for run in of) for of in whole], images
