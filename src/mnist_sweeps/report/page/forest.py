"""The forest plot: each difference with its interval, as places on one axis."""

from __future__ import annotations

from collections.abc import Sequence
from math import asinh
from typing import Any

from mnist_sweeps.report.load import Report
from mnist_sweeps.report.page.table import beats
from mnist_sweeps.report.row import ReportRow
from mnist_sweeps.report.wording import points

ROWS = 40  # more are taller than two screens
LINEAR = 2.0  # percentage points: an axis that spans no more is linear
TICKS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100)
APART = 6.0  # per cent between a label and that of 0, which must not touch in a window of 390 pixels
EDGE = 0.04  # of the axis, left free at both ends


def forest(report: Report) -> dict[str, Any]:
    """`lines` of the forest plot, with the `ticks` and the `margin` of its axis; empty without comparisons.

    Places are per cent of the width. Where a difference is larger than 2 percentage points the axis is linear near 0
    and logarithmic beyond (asinh of multiples of the margin): else one dead net would press all others into a point.
    """
    rows = [row for row in report.rows if row.comparison] if report.plan.search is None else []
    if not rows:
        return {}
    shown = rows if len(rows) <= ROWS else _largest(rows)
    margin = 100 * report.plan.margin
    ends = [100 * end for row in shown if (c := row.comparison) for end in (c.low, c.high, c.difference)]
    ends += [100 * end for row in shown for end in report.new_digits.get(row.name, ())]
    low, high = min(*ends, -margin), max(*ends, margin)
    curved = max(-low, high) > LINEAR

    def scaled(value: float) -> float:
        return asinh(value / (margin or 0.2)) if curved else value

    def place(value: float) -> float:
        share = (scaled(value) - scaled(low)) / (scaled(high) - scaled(low))
        return round(100 * (EDGE + (1 - 2 * EDGE) * share), 2)

    lines = []
    for row in shown:
        found = row.comparison
        assert found is not None
        low_end, high_end = 100 * found.low, 100 * found.high
        lines.append({
            "name": row.name,
            "against": row.variant.compared_with,
            "verdict": row.verdict,
            "kind": found.verdict if found.verdict in ("higher", "lower") else "plain",
            "wide": [place(100 * end) for end in report.new_digits.get(row.name, ())],
            "low": place(low_end), "mean": place(100 * found.difference), "high": place(high_end),
            "beats": beats(row),
            "text": f"{points(found.difference)} [{points(found.low)}, {points(found.high)}]",
        })  # fmt: skip
    ticks = [tick for tick in _ticks(low, high, curved) if not 0 < abs(place(tick) - place(0.0)) < APART]
    return {
        "measure": shown[0].measure.replace("_", " ").capitalize(),
        "lines": lines,
        "omitted": len(rows) - len(shown),
        "ticks": [{"place": place(tick), "text": f"{tick:+g}" if tick else "0"} for tick in ticks],
        "zero": place(0.0),
        "margin": [place(-margin), place(margin)],
        "margin_text": f"{margin:g}",
        "curved": curved,
        "new_digits": any(row.name in report.new_digits for row in shown),
        "against": _common_against(shown),
    }


def _common_against(rows: Sequence[ReportRow]) -> str | None:
    """The row that all others are compared with; None if there are several."""
    names = {row.variant.compared_with for row in rows}
    return names.pop() if len(names) == 1 else None


def _largest(rows: Sequence[ReportRow]) -> list[ReportRow]:
    """The rows with the largest differences, in the order given."""
    by_size = sorted(rows, key=lambda row: -abs(row.comparison.difference if row.comparison else 0.0))
    kept = {row.name for row in by_size[:ROWS]}
    return [row for row in rows if row.name in kept]


def _ticks(low: float, high: float, curved: bool) -> list[float]:
    """Ticks inside the axis, 0 in any case; those of a linear axis are 40 % of its longer side apart or less."""
    if curved:
        steps = [step for step in (0.2, 1, 5, 20, 100)]
    else:
        step = max((tick for tick in TICKS if tick <= max(-low, high) / 2.5), default=TICKS[0])
        steps = [step, 2 * step, 3 * step]
    return [value for value in (*(-step for step in reversed(steps)), 0.0, *steps) if low <= value <= high]
