"""One row in depth: its settings, runs, errors, static pictures, and the command that trains it again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mnist_sweeps.report.page import settings, svg
from mnist_sweeps.report.page.differing_images import differing_images
from mnist_sweeps.report.row import ReportRow
from mnist_sweeps.report.wording import percent
from mnist_sweeps.storage import model_summary
from mnist_sweeps.storage.run_record import RunRecord


def row_depth(
    row: ReportRow,
    by_name: Mapping[str, ReportRow],
    charts: Mapping[str, Any],
    places: Mapping[str, int],
    pictures: Sequence[tuple[str, str]],
) -> dict[str, Any]:
    """What the section of a row shows.

    Args:
        row: The row.
        by_name: All rows by name, among them the one it is compared with.
        charts: The content of `charts.charts`.
        places: The place of each row in the report, by name.
        pictures: Titles and data URIs of pictures that the page does not draw itself.
    """
    place = places[row.name]
    key = str(place)
    return {
        "row": place,
        "name": row.name,
        "verdict": row.verdict,
        "status": row.status,
        "against": row.variant.compared_with,
        "differences": settings.differences(row, by_name.get(row.variant.compared_with or "")),
        "written": settings.written(row),
        "optimizer": settings.optimizer(row),
        "layers": _built(row),
        "configured": settings.configured(row),
        "runs": [_run(run) for run in row.runs.readable],
        "errors": [
            [str(run.key), run.failure.traceback]
            for run in row.runs.readable
            if run.failure and run.failure.traceback
        ],
        "command": settings.command(row),
        "curves": svg.curves(charts["curves"].get(key, {})),
        "violins": svg.violins(charts["weights"].get(key, [])),
        "pooled": f"all {len(row.finished)} runs together" if len(row.finished) > 1 else "the run",
        "images": differing_images(charts["predictions"], place, places.get(row.variant.compared_with or "")),
        "pictures": [list(picture) for picture in pictures],
    }  # fmt: skip


def _built(row: ReportRow) -> str:
    """The layers as they were built, as model.txt has them; empty without a completed run."""
    if not row.finished:
        return ""
    lines = model_summary.lines(row.finished[0].effective)
    return model_summary.text(lines, row.finished[0].parameter_counts) if lines else ""


def _run(run: RunRecord) -> dict[str, Any]:
    metrics = run.metrics
    return {
        "key": str(run.key),
        "status": run.status.replace("_", " "),
        "accuracy": percent(metrics["test_accuracy"]) if "test_accuracy" in metrics else "",
        "validation": percent(metrics["val_accuracy"]) if "val_accuracy" in metrics else "",
        "loss": f"{metrics['test_loss']:.4f}" if "test_loss" in metrics else "",
        "epochs": f"{metrics['epochs_run']:g}" if "epochs_run" in metrics else "",
        "seconds": "" if run.seconds is None else f"{run.seconds:.1f}",
        "error": run.error or "",
    }
