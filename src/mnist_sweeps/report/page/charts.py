"""What the script of the page draws, as plain data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mnist_sweeps.report.load import Report
from mnist_sweeps.report.page.curves import curves
from mnist_sweeps.report.page.parallel import axes, best_so_far
from mnist_sweeps.report.page.predictions import predictions
from mnist_sweeps.report.page.weights import weights
from mnist_sweeps.report.row import ReportRow

CHOSEN = 6  # rows that are chosen when the page opens
COSTS = ("parameters", "epochs", "seconds")


def charts(report: Report, pictured: Sequence[ReportRow]) -> dict[str, Any]:
    """Rows are places in `names`; `curves` and `weights` are by place, as keys of JSON objects are text.

    Args:
        report: The report.
        pictured: The rows with curves, violins and predictions.
    """
    places = {row.name: place for place, row in enumerate(report.rows)}
    shown = [places[row.name] for row in pictured]
    predicted = predictions(pictured)
    return {
        "names": [row.name for row in report.rows],
        "baseline": places.get(report.plan.baseline or ""),
        "chosen": _chosen(report, pictured, places),
        "validation": next((row.validated_on for row in pictured if row.validated_on), None),
        "curves": {str(places[row.name]): found for row in pictured if (found := curves(row))},
        "weights": {str(places[row.name]): layers for row in pictured if (layers := weights(row))},
        "costs": _costs(report),
        "predictions": predicted | {"rows": [shown[place] for place in predicted["rows"]]} if predicted else {},
        "parallel": axes(report),
        "search": best_so_far(report),
    }


def _chosen(report: Report, pictured: Sequence[ReportRow], places: dict[str, int]) -> list[int]:
    """The baseline and the best rows: all rows of a small sweep."""
    order = sorted(pictured, key=lambda row: (row.name != report.plan.baseline, row.rank or len(places)))
    return sorted(places[row.name] for row in order[:CHOSEN])


def _costs(report: Report) -> list[dict[str, Any]]:
    """Test accuracy with its interval against each cost; `front` names the costs in which no row is better."""
    rows = [(place, row) for place, row in enumerate(report.rows) if row.accuracy and row.same_as is None]
    points: list[dict[str, Any]] = []
    for place, row in rows:
        accuracy, epochs = row.accuracy, row.summary("epochs_run")
        assert accuracy is not None
        points.append({
            "row": place,
            "accuracy": round(100 * accuracy.mean, 3),
            "low": None if accuracy.low is None else round(100 * accuracy.low, 3),
            "high": None if accuracy.high is None else round(100 * accuracy.high, 3),
            "parameters": row.parameters,
            "epochs": epochs and round(epochs.mean, 2),
            "seconds": row.seconds and round(row.seconds, 3),
        })  # fmt: skip
    for point in points:
        point["front"] = [cost for cost in COSTS if point[cost] is not None and _on_front(point, points, cost)]
    return points


def _on_front(point: dict[str, Any], points: Sequence[dict[str, Any]], cost: str) -> bool:
    """Whether no other point is at least as accurate for at most the same cost, and better in one of both."""
    return not any(
        other[cost] is not None
        and other["accuracy"] >= point["accuracy"]
        and other[cost] <= point[cost]
        and (other["accuracy"] > point["accuracy"] or other[cost] < point[cost])
        for other in points
    )
