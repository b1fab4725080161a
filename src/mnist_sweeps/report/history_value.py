"""The value of a history metric in one run."""

from collections.abc import Sequence

import numpy as np

from mnist_sweeps.config.history_metric import HistoryMetric, Window
from mnist_sweeps.storage.read_runs import HISTORY


def history_value(history: Sequence[tuple[float | None, ...]], metric: HistoryMetric) -> float | None:
    """A number of a run's epochs; None if the run has fewer epochs, or one of them was not measured.

    Args:
        history: One tuple an epoch, in the order of `HISTORY`.
        metric: What is taken of it.
    """
    place = HISTORY.index(metric.column)
    windows = [[epoch[place] for epoch in _of(history, window)] for window in (metric.window, metric.earlier) if window]
    if len(history) < metric.last or any(value is None for values in windows for value in values):
        return None
    values, *earlier = (np.array(values, float) for values in windows)
    if metric.fluctuation:
        return float(np.std(np.diff(values), ddof=1))
    return float(values.mean() - (earlier[0].mean() if earlier else 0.0))


def _of(history: Sequence[tuple[float | None, ...]], window: Window) -> Sequence[tuple[float | None, ...]]:
    return history[window[0] - 1 : window[1]]
