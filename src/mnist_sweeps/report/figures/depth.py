"""Which rows of a sweep differ in nothing but their layers: what accuracy can be drawn against depth for."""

import json
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from mnist_sweeps.report.row import ReportRow

Point = tuple[int, float, float, float]  # layers before the output; mean test accuracy and its interval, fractions
ALIKE = ("optimizer", "output_initializer", "preprocessing", "data", "training")


def lines(rows: Sequence[ReportRow]) -> dict[str, list[Point]]:
    """The points of each kind of network, with and without dropout or batch norm; none where no kind has two depths.

    Points stand in the order of their layers, the best by validation first among equals. Rows belong together where
    all but their layers, widths, dropout and batch norm is the same; of several such sets, the one with the most
    depths, then rows, is taken.
    """
    sets: dict[str, list[ReportRow]] = defaultdict(list)
    for row in rows:
        if row.accuracy and row.hidden is not None and row.same_as is None:
            sets[_settings(row.finished[0].config)].append(row)
    found = [_kinds(alike) for alike in sets.values()]
    return max(found, key=_extent, default={})


def _kinds(rows: Sequence[ReportRow]) -> dict[str, list[Point]]:
    kinds: dict[str, list[Point]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: (row.hidden or 0, row.rank or len(rows) + 1)):
        accuracy = row.accuracy
        if accuracy and accuracy.low is not None and accuracy.high is not None:
            kinds[_kind(row)].append((row.hidden or 0, accuracy.mean, accuracy.low, accuracy.high))
    return {kind: points for kind, points in kinds.items() if len({layers for layers, *_ in points}) > 1}


def _extent(kinds: dict[str, list[Point]]) -> tuple[int, int]:
    points = [point for points in kinds.values() for point in points]
    return len({layers for layers, *_ in points}), len(points)


def _kind(row: ReportRow) -> str:
    run = row.finished[0]
    return ("batch norm, " if run.batch_norm else "") + ("with dropout" if run.dropout else "without dropout")


def _settings(config: dict[str, Any]) -> str:
    """All that rows must share; a setting with an entry per layer differs with depth and counts as one word."""
    model = config.get("model") or {}
    conv = model.get("conv") or {}
    layered = {
        **(config.get("initializer") or {}),
        "activation": model.get("activation"),
        "conv": conv.get("activation"),
    }
    shared = {key: "per layer" if isinstance(value, list) else value for key, value in layered.items()}
    return json.dumps([[config.get(key) for key in ALIKE], shared, bool(conv.get("filters"))], sort_keys=True)
