"""Rows of a grid or a search as lines through their settings, and what their accuracy depends on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from math import log10
from statistics import fmean
from typing import Any

from mnist_sweeps.report.load import Report
from mnist_sweeps.report.page.settings import word
from mnist_sweeps.report.row import ReportRow

AXES = 10  # settings that are shown, the most important ones
TICKS = 12  # labels of an axis, so that they do not cover each other
SPAN = 30.0  # largest over smallest value, beyond which an axis is logarithmic


def axes(report: Report) -> dict[str, Any]:
    """Parallel coordinates: `axes` with ticks, `lines` with a place from 0 to 1 on each; empty with less than two.

    The last axis is the score that rows are ranked by. `importances` are shares: of a search those that were computed
    when it ended, else the share of the variance between rows that each setting explains alone.
    """
    rows = [(place, row) for place, row in enumerate(report.rows) if row.finished and row.same_as is None]
    settings = [{key: _single(value) for key, value in row.variant.overrides.items()} for _, row in rows]
    keys = [key for key in dict.fromkeys(key for of in settings for key in of) if _varies(key, settings)]
    scores = [_score(row) for _, row in rows]
    if len(keys) < 2 or len(rows) < 4 or any(score is None for score in scores):
        return {}
    values = [score for score in scores if score is not None]
    shares = _importances(report, keys, settings, values)
    shown = sorted(keys, key=lambda key: -shares.get(key, 0.0))[:AXES]
    drawn = [_axis(key, [of.get(key) for of in settings]) for key in shown]
    low, high = min(values), max(values)
    last = [(value - low) / (high - low) if high > low else 0.5 for value in values]
    ticks = [[0.0, f"{100 * low:.1f}"], [1.0, f"{100 * high:.1f}"]]
    return {
        "axes": [*({"key": key, "ticks": ticks} for key, (ticks, _) in zip(shown, drawn, strict=True)),
                 {"key": "accuracy %", "ticks": ticks}],
        "lines": [
            {"row": place, "score": round(100 * value, 2),
             "places": [*(places[number] for _, places in drawn), round(last[number], 3)]}
            for number, ((place, _), value) in enumerate(zip(rows, values, strict=True))
        ],
        "importances": sorted(([key, round(share, 4)] for key, share in shares.items()), key=lambda pair: -pair[1]),
    }  # fmt: skip


def best_so_far(report: Report) -> list[dict[str, Any]]:
    """The score of each trial of a search in the order of drawing, and the best until then; empty without a search."""
    search = report.plan.search
    result: list[dict[str, Any]] = []
    for trial, score in enumerate(search.scores if search else (), start=1):
        if score is not None:
            best = max(100 * score, result[-1]["best"] if result else 0.0)
            result.append({"trial": trial, "score": round(100 * score, 2), "best": round(best, 2)})
    return result


def _single(value: Any) -> Any:
    """The entry of a list with one, so that `[64]` stands on an axis of numbers."""
    return value[0] if isinstance(value, list) and len(value) == 1 else value


def _varies(key: str, settings: Sequence[dict[str, Any]]) -> bool:
    return len({word(of.get(key)) for of in settings}) > 1 and sum(key in of for of in settings) > len(settings) / 2


def _score(row: ReportRow) -> float | None:
    if row.score is not None:
        return row.score
    return row.accuracy.mean if row.accuracy else None


def _importances(
    report: Report, keys: Sequence[str], settings: Sequence[dict[str, Any]], values: Sequence[float]
) -> dict[str, float]:
    search = report.plan.search
    if search is not None:
        return dict(search.importances)
    return {key: _explained([word(of.get(key)) for of in settings], values) for key in keys}


def _explained(levels: Sequence[str], values: Sequence[float]) -> float:
    """The share of the values' variance that lies between the levels (eta squared)."""
    mean = fmean(values)
    total = sum((value - mean) ** 2 for value in values)
    groups = defaultdict(list)
    for level, value in zip(levels, values, strict=True):
        groups[level].append(value)
    between = sum(len(group) * (fmean(group) - mean) ** 2 for group in groups.values())
    return between / total if total else 0.0


def _axis(key: str, values: Sequence[Any]) -> tuple[list[list[Any]], list[float]]:
    """The ticks of an axis, and the place of each value: by number where all are numbers, else by name."""
    numbers = [value for value in values if isinstance(value, (int, float)) and not isinstance(value, bool)]
    if len(numbers) == len(values) and len(set(numbers)) > 6:
        low, high = min(numbers), max(numbers)
        scaled = [log10(n) for n in numbers] if low > 0 and high > SPAN * low else [float(n) for n in numbers]
        least, span = min(scaled), max(scaled) - min(scaled)
        return [[0.0, f"{low:.3g}"], [1.0, f"{high:.3g}"]], [round((n - least) / span, 3) for n in scaled]
    words = list(dict.fromkeys(map(word, sorted(numbers) if len(numbers) == len(values) else values)))
    places = {name: place / max(len(words) - 1, 1) for place, name in enumerate(words)}
    step = -(-len(words) // TICKS)
    return [[round(places[name], 3), name] for name in words[::step]], [round(places[word(v)], 3) for v in values]
