"""Learning curves of a row: mean and range over its runs."""

from __future__ import annotations

import math
from typing import Any

from mnist_sweeps.report.row import ReportRow
from mnist_sweeps.storage.read_runs import HISTORY

EPOCHS = 60  # points of a curve: more are thinned out
DIGITS = 4  # significant ones


def curves(row: ReportRow) -> dict[str, Any]:
    """`epoch`, and for each measured column of history.csv `mean`, `low` and `high` over the completed runs.

    The mean covers the epochs that all runs have. Accuracies are fractions; None where a value is not finite.
    """
    histories = [run.history for run in row.finished if run.history]
    if not histories:
        return {}
    last = min(map(len, histories))
    places = _thinned(last)
    result: dict[str, Any] = {"epoch": [int(histories[0][place][0] or place + 1) for place in places]}
    for column, name in enumerate(HISTORY[1:], start=1):
        values = [_finite([history[place][column] for history in histories]) for place in places]
        if any(values):
            result[name] = {
                "mean": [_rounded(sum(v) / len(v)) if v else None for v in values],
                "low": [_rounded(min(v)) if v else None for v in values],
                "high": [_rounded(max(v)) if v else None for v in values],
            }
    return result


def _thinned(n: int) -> list[int]:
    """At most `EPOCHS` places of `n`, the first and the last among them."""
    if n <= EPOCHS:
        return list(range(n))
    return sorted({round(place * (n - 1) / (EPOCHS - 1)) for place in range(EPOCHS)})


def _finite(values: list[float | None]) -> list[float]:
    return [value for value in values if value is not None and math.isfinite(value)]


def _rounded(value: float) -> float:
    return float(f"{value:.{DIGITS}g}")
