"""The effects of a grid's settings as bars with their intervals, on one axis."""

from __future__ import annotations

from math import sqrt
from typing import Any

from mnist_sweeps.report.load import Report
from mnist_sweeps.report.tables.effect_table import footnote, measured
from mnist_sweeps.stats.effects import MATTERS


def effects(report: Report) -> dict[str, Any]:
    """`lines` with places in per cent of the width, and the `note`; empty where the sweep is no grid.

    The axis is that of the square root: one setting often matters ten times as much as another.
    """
    found = report.effects
    if found is None:
        return {}
    most = max((of.effect.high for of in found.effects), default=0.0) or 1.0

    def place(value: float) -> float:
        return round(98 * sqrt(value / most), 2)

    lines = [
        {
            "name": of.name,
            "kind": "matters" if of.effect.verdict == MATTERS else "plain",
            "low": place(of.effect.low),
            "size": place(of.effect.size),
            "high": place(of.effect.high),
            "margin": place(min(report.plan.margin, most)),
            "text": measured(of),
            "verdict": of.effect.verdict,
            "best": of.best,
            "worst": of.worst,
            "p": f"{of.effect.p_adjusted:.3g}",
        }
        for of in found.effects
    ]
    return {"lines": lines, "note": footnote(found), "margin_text": f"{100 * report.plan.margin:g}"}
