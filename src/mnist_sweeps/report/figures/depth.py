"""The rows of a sweep that differ only in their layers, as points of accuracy against depth."""

import json
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from mnist_sweeps.report.row import ReportRow

Point = tuple[int, float, float, float]  # layers before the output; mean test accuracy and its interval, fractions
ALIKE = ("optimizer", "output_initializer", "preprocessing", "data", "training")


def lines(rows: Sequence[ReportRow]) -> dict[str, list[Point]]:
    """The points of each kind of network, with and without dropout or batch norm; empty if no kind has two depths.

    Points are sorted by number of layers, then by validation rank. Rows form a set if they differ only in layers,
    widths, dropout and batch norm; of several sets, the one with the most depths, then rows, is returned.
    """
    sets: dict[str, list[ReportRow]] = defaultdict(list)
    for row in rows:
        if row.accuracy and row.hidden is not None and row.same_as is None:
            sets[_settings(row.finished[0].config)].append(row)
    kinds_by_set = [_kinds(members) for members in sets.values()]
    return max(kinds_by_set, key=_extent, default={})


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
    """The settings that rows of a set share, as JSON; a setting with one entry per layer counts as `per layer`."""
    model = config.get("model") or {}
    conv = model.get("conv") or {}
    layered = {
        **(config.get("initializer") or {}),
        "activation": model.get("activation"),
        "conv": conv.get("activation"),
    }
    shared = {key: "per layer" if isinstance(value, list) else value for key, value in layered.items()}
    return json.dumps([[config.get(key) for key in ALIKE], shared, bool(conv.get("filters"))], sort_keys=True)
