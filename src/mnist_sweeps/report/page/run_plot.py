"""Every run of every row, with mean and interval, as places on one axis."""

from __future__ import annotations

from math import log10
from typing import Any

from mnist_sweeps.report.load import Report
from mnist_sweeps.report.wording import spread

ROWS = 60  # more are taller than three screens
FACTOR = 5.0  # of the largest error over the smallest, beyond which the axis is logarithmic in the error
LEAST = 0.01  # percentage points: the error that a run without any counts as
TICKS = (0, 20, 40, 60, 70, 80, 85, 90, 93, 95, 97, 98, 99, 99.3, 99.5, 99.7, 99.8, 99.9)
STEPS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20)  # percentage points between the ticks of a linear axis
EDGE = 0.03  # of the axis, left free at both ends
APART = 9.0  # per cent between two labels, which must not touch in a window of 390 pixels


def run_plot(report: Report) -> dict[str, Any]:
    """`lines` with the `runs` of each row, its `mean`, interval and the value that a notebook printed, and `ticks`.

    Places are per cent of the width, accuracies per cent. Empty where less than two rows have completed runs.
    """
    unique = [row for row in report.rows if row.same_as is None and row.accuracies]
    if len(unique) < 2:
        return {}
    best = {row.name for row in sorted(unique, key=lambda row: row.rank or len(report.rows) + 1)[:ROWS]}
    rows = [row for row in unique if row.name in best]
    printed = {row.name: 100 * row.reference["test_accuracy"] for row in rows if "test_accuracy" in row.reference}
    runs = [100 * accuracy for row in rows for accuracy in row.accuracies]
    ends = [*runs, *printed.values()]
    for row in rows:
        ends += [100 * end for end in (row.accuracy and (row.accuracy.low, row.accuracy.high)) or () if end is not None]
    curved = (100 - min(runs)) > FACTOR * max(100 - max(runs), LEAST)

    def scaled(value: float) -> float:
        return -log10(max(100 - value, LEAST)) if curved else value

    low, high = scaled(min(ends)), scaled(max(ends))

    def place(value: float) -> float:
        share = (scaled(value) - low) / (high - low) if high > low else 0.5
        return round(100 * (EDGE + (1 - 2 * EDGE) * min(max(share, 0.0), 1.0)), 2)

    lines = []
    for row in rows:
        accuracy = row.accuracy
        assert accuracy is not None
        known = accuracy.low is not None and accuracy.high is not None
        lines.append({
            "name": row.name,
            "baseline": row.name == report.plan.baseline,
            "runs": [place(100 * value) for value in row.accuracies],
            "mean": place(100 * accuracy.mean),
            "interval": [place(100 * accuracy.low), place(100 * accuracy.high)] if known else [],  # type: ignore[operator]
            "printed": place(printed[row.name]) if row.name in printed else None,
            "text": spread(row.summary("test_accuracy"), ".2f", 100),
        })  # fmt: skip
    return {
        "lines": lines,
        "omitted": len(unique) - len(rows),
        "ticks": _apart([{"place": place(tick), "text": f"{tick:g}"} for tick in _ticks(min(ends), max(ends), curved)]),
        "curved": curved,
        "single": any(len(row.accuracies) == 1 for row in rows),
        "printed": bool(printed),
    }


def _ticks(low: float, high: float, curved: bool) -> list[float]:
    if curved:
        return [tick for tick in TICKS if low <= tick <= high]
    step = max((step for step in STEPS if step <= (high - low) / 2.5), default=STEPS[0])
    first = int(low / step) + 1
    return [round(step * number, 6) for number in range(first, int(high / step + 1e-9) + 1)]


def _apart(ticks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The ticks from the right, those left out that stand too close to the next one."""
    kept: list[dict[str, Any]] = []
    for tick in reversed(ticks):
        if not kept or kept[-1]["place"] - tick["place"] >= APART:
            kept.append(tick)
    return kept[::-1]
