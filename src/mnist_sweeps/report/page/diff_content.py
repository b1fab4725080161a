"""Everything that the page of a diff shows, as plain data."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from mnist_sweeps.report.diff import RowDiff, SweepDiff
from mnist_sweeps.report.header import header
from mnist_sweeps.report.load import Report
from mnist_sweeps.report.page.depth import depth
from mnist_sweeps.report.page.forest import forest
from mnist_sweeps.report.page.run_plot import run_plot
from mnist_sweeps.report.page.settings import configured
from mnist_sweeps.report.row import ReportRow
from mnist_sweeps.report.selection import Selection
from mnist_sweeps.report.tables import diff_lines
from mnist_sweeps.report.wording import adjustment, listed
from mnist_sweeps.storage.sweep_record import SweepRecord


def content(diff: SweepDiff) -> dict[str, Any]:
    """The content of the page, as values that JSON has; `charts` is what the script draws, as on the page of a sweep.

    The rows are those of both sides, `A: NAME` and `B: NAME`, each of the second compared with that of the first.
    """
    report = _both(diff)
    places = {row.name: place for place, row in enumerate(report.rows)}
    below = depth(report)
    pair = diff.rows[0] if diff.first.row else None
    return {
        **_title(diff),
        "answer": _answer(diff.rows, pair),
        "sides": [_side("A", diff.first), _side("B", diff.second)],
        "only": [
            *diff_lines.seeds_note(diff),
            *(
                f"Only in {side}: {listed(names)}."
                for side, names in (("A", diff.only_first), ("B", diff.only_second))
                if names
            ),
        ],
        "command": report.plan.command,
        "made": "",
        "forest": forest(report),
        "run_plot": run_plot(report),
        "table": _row_table(pair) if pair else _rows_table(diff.rows),
        "settings": _settings(diff.rows, pair),
        "all_settings": _all_settings(pair) if pair else [],
        "origins": [list(origin) for origin in diff.origins],
        "omitted": below.omitted,
        "sprite": below.sprite,
        "rows": below.rows,
        "charts": below.charts
        | {"shown_columns": [], "against": {places[row.name]: place for row, place in _against(report)}},
    }


def _title(diff: SweepDiff) -> dict[str, str]:
    """Rows of one sweep by their names, others with their sweeps."""
    first, second = diff.first, diff.second
    if first.row and second.row and first.report.folder.resolve() == second.report.folder.resolve():
        return {
            "sweep": f"{first.report.sweep}, diff of two rows",
            "title": f"{second.row.name} against {first.row.name}",
        }
    return {
        "sweep": f"diff of two {'rows' if first.row else 'sweeps'}",
        "title": f"{second.title} against {first.title}",
    }


def _both(diff: SweepDiff) -> Report:
    """The rows of both sides as those of one sweep, from which the charts are made."""
    rows = [row for pair in diff.rows for row in _sides(pair)]
    sides = [
        str(side.report.folder / side.row.variant.folder if side.row else side.report.folder)
        for side in (diff.first, diff.second)
    ]
    plan = SweepRecord(
        sweep="diff",
        variants=tuple(row.variant for row in rows),
        command=shlex.join(["mnist-sweeps", "diff", *sides, "--page"]),
        baseline=rows[0].name if diff.first.row else None,
        margin_points=diff.first.report.plan.margin_points,
    )
    return Report(diff.first.report.folder, plan, "", "", tuple(rows), ())


def _sides(pair: RowDiff) -> list[ReportRow]:
    first, second = f"A: {pair.first.name}", f"B: {pair.second.name}"
    return [
        replace(
            row,
            variant=replace(row.variant, name=name, compared_with=against, same_as=None, changes=()),
            same_as=None,
            rank=None,
            superiority=None,
            comparison=pair.comparison if against else None,
        )
        for row, name, against in ((pair.first, first, None), (pair.second, second, first))
    ]


def _against(report: Report) -> list[tuple[ReportRow, int]]:
    """Each row of the second side, with the place of its row of the first."""
    return [(row, place) for place, row in zip(range(0, len(report.rows), 2), report.rows[1::2], strict=True)]


def _side(letter: str, selection: Selection) -> dict[str, str]:
    report = selection.report
    rows = [selection.row] if selection.row else report.rows
    return {
        "letter": letter,
        "title": selection.title,
        "folder": str(report.folder),
        "header": header(report.plan, rows),
    }


def _answer(rows: Sequence[RowDiff], pair: RowDiff | None) -> str:
    if pair:
        return f"Test accuracy, B against A: {diff_lines.verdict(pair)}. {diff_lines.images(pair.images)}."
    if not rows:
        return "No row has the same name in both."
    verdicts: dict[str, list[str]] = {}
    for row in rows:
        verdicts.setdefault(row.comparison.verdict if row.comparison else "no verdict", []).append(row.first.name)
    parts = [f"{verdict}: {listed(names)}" for verdict, names in verdicts.items()]
    return f"Test accuracy, B against A: {'. '.join(parts)}."


def _row_table(pair: RowDiff) -> dict[str, Any]:
    return {
        "headers": ["", "A", "B", "B - A"],
        "lines": [{"kind": "plain", "cells": cells} for cells in diff_lines.results(pair.first, pair.second)],
        "notes": [],
    }


def _rows_table(rows: Sequence[RowDiff]) -> dict[str, Any]:
    names = [pair.first.name for pair in rows]
    tests = max((pair.comparison.tests for pair in rows if pair.comparison), default=0)
    reasons = diff_lines.grouped_reasons(rows, names)
    return {
        "headers": list(diff_lines.ROWS_HEADER),
        "lines": [
            {"kind": _kind(pair), "cells": [pair.first.name, *diff_lines.row_line(pair)]} for pair in rows
        ],
        "notes": [
            *([f"Verdicts: {adjustment(tests, 'comparison')}."] if tests else []),
            *(f"No verdict for {listed(lacking)}: {reason}." for reason, lacking in reasons.items()),
            *([diff_lines.IMAGES_NOTE] if any(pair.images for pair in rows) else []),
        ],
    }  # fmt: skip


def _kind(pair: RowDiff) -> str:
    verdict = pair.comparison.verdict if pair.comparison else ""
    return verdict if verdict in ("higher", "lower") else "plain"


def _settings(rows: Sequence[RowDiff], pair: RowDiff | None) -> list[dict[str, Any]]:
    """The settings that differ: those of the pair, else those of each group of rows in which the same differ."""
    if pair:
        return [{"rows": "", "changes": [list(change) for change in pair.settings]}] if pair.settings else []
    groups = diff_lines.grouped_settings(rows, [row.first.name for row in rows])
    return [{"rows": listed(names), "changes": [list(change) for change in changes]} for names, changes in groups]


def _all_settings(pair: RowDiff) -> list[list[str]]:
    """Key, first and second value of every setting."""
    first, second = configured(pair.first), configured(pair.second)
    return [[key, first.get(key, ""), second.get(key, "")] for key in dict.fromkeys([*first, *second])]
