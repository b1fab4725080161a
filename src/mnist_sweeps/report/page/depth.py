"""What the pages of a sweep and of a diff have in common: the charts across rows, and each row in depth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from mnist_sweeps.report.figures.embedded import Picture, pictures
from mnist_sweeps.report.load import Report
from mnist_sweeps.report.page.charts import charts
from mnist_sweeps.report.page.differing_images import sprite
from mnist_sweeps.report.page.pictured import omitted_note, pictured
from mnist_sweeps.report.page.row_depth import row_depth


@dataclass(frozen=True)
class Depth:
    """`charts` is what the script draws; `overview` are the pictures of the whole sweep."""

    charts: dict[str, Any]
    sprite: dict[str, Any]
    rows: Sequence[dict[str, Any]]
    overview: Sequence[Picture]
    omitted: Sequence[str]


def depth(report: Report) -> Depth:
    """The charts of a report, its rows in depth, and notes about what is left out for the page's size."""
    by_name = {row.name: row for row in report.rows}
    places = {row.name: place for place, row in enumerate(report.rows)}
    drawn = charts(report, pictured(report))
    embedded, left_out = pictures(report)
    return Depth(
        {**drawn, "predictions": {key: value for key, value in drawn["predictions"].items() if key != "sprite"}},
        sprite(drawn["predictions"]),
        [
            row_depth(row, by_name, drawn, places, embedded.get(row.name, []))
            for row in report.rows
            if row.same_as is None
        ],
        embedded.get("", []),
        [note for note in (omitted_note(report), left_out) if note],
    )
