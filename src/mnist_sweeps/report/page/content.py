"""Everything that the page shows, as plain data: the template and the script read nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mnist_sweeps.report.claims import claim_table
from mnist_sweeps.report.claims.judge import FAILS, HOLDS
from mnist_sweeps.report.load import Report
from mnist_sweeps.report.notes.search import importances
from mnist_sweeps.report.page.depth import depth
from mnist_sweeps.report.page.effects import effects
from mnist_sweeps.report.page.forest import forest
from mnist_sweeps.report.page.run_plot import run_plot
from mnist_sweeps.report.page.settings import differences
from mnist_sweeps.report.page.table import PageColumn, failing, ordered, page_columns
from mnist_sweeps.report.row import ReportRow
from mnist_sweeps.report.wording import UNATTRIBUTABLE

COLOURS = {HOLDS: "higher", FAILS: "lower"}  # of the verdicts on claims
CHANGES = 200  # lines of the list of changes: a grid of 1,000 rows says them in its names


def content(report: Report) -> dict[str, Any]:
    """The content of the page, as values that JSON has. `charts` is what the script draws, see `charts.charts`."""
    columns = page_columns(report)
    by_name = {row.name: row for row in report.rows}
    places = {row.name: place for place, row in enumerate(report.rows)}
    below = depth(report)
    return {
        "sweep": report.sweep,
        "question": report.question,
        "answer": report.answer,
        "header": report.header,
        "command": report.plan.command,
        "made": report.plan.made,
        "columns": [
            {"title": column.header, "number": column.value is not None, "shown": column.shown} for column in columns
        ],
        "table": [_line(row, report, columns, places[row.name]) for row in ordered(report.rows)],
        "forest": forest(report),
        "notes": list(report.notes),
        "omitted": below.omitted,
        "changes": _changes(report, by_name),
        "effects": effects(report),
        "claims": _claims(report),
        "run_plot": run_plot(report),
        "overview": [list(picture) for picture in below.overview],
        "sprite": below.sprite,
        "rows": below.rows,
        "importances": _importances(report, below.charts),
        "charts": below.charts | {"shown_columns": [column.shown for column in columns]},
    }


def _line(row: ReportRow, report: Report, columns: list[PageColumn], place: int) -> dict[str, Any]:
    """A line of the table; `kind` is `failed`, `missing`, `higher`, `lower` or `plain`."""
    verdict = row.comparison.verdict if row.comparison else ""
    kind = verdict if verdict in ("higher", "lower") else "plain"
    values = [None if column.value is None else column.value(row) for column in columns]
    return {
        "row": place,
        "detail": place if row.same_as is None else _place(report, row.same_as),
        "kind": "failed" if failing(row) else "missing" if not row.finished else kind,
        "baseline": row.name == report.plan.baseline,
        "cells": [column.cell(row) for column in columns],
        "values": [None if value is None else float(f"{value:.8g}") for value in values],
    }


def _place(report: Report, name: str) -> int:
    return next(place for place, row in enumerate(report.rows) if row.name == name)


def _changes(report: Report, by_name: Mapping[str, ReportRow]) -> dict[str, Any]:
    """What each row changes against the row it is compared with, setting by setting, from the configs of the runs."""
    rows = [row for row in report.rows if row.variant.compared_with in by_name and row.same_as is None]
    lines = [
        {
            "name": row.name,
            "against": row.variant.compared_with,
            "changes": differences(row, by_name.get(row.variant.compared_with or "")),
            "names": ", ".join(row.variant.changes),
            "remark": "" if row.attributable else UNATTRIBUTABLE,
        }
        for row in rows[:CHANGES]
    ]
    against = {row.variant.compared_with for row in rows}
    return {
        "lines": lines,
        "omitted": len(rows) - len(lines),
        "against": against.pop() if len(against) == 1 else None,
    }


def _importances(report: Report, drawn: Mapping[str, Any]) -> dict[str, Any]:
    """What the accuracy depends on: the shares that a search computed, else those of `parallel`; empty without."""
    search = report.plan.search
    if search is not None:
        shares = sorted(search.importances.items(), key=lambda pair: -pair[1])
        texts = dict(importances(report.plan))
        bootstrap = ", with 95 % intervals by bootstrap over the trials" if search.importance_intervals else ""
        kind = f"Share of the variance of the trials' validation accuracy (fANOVA){bootstrap}."
    else:
        shares = [(key, share) for key, share in drawn["parallel"].get("importances", [])]
        texts = {key: f"{share:.0%}" for key, share in shares}
        kind = "Share of the variance between rows that each setting explains alone."
    bars = [{"key": key, "share": texts[key], "width": round(100 * share, 1)} for key, share in shares]
    return {"bars": bars, "kind": kind} if bars else {}


def _claims(report: Report) -> dict[str, Any]:
    """The table of claims; empty without claims."""
    if not report.claims:
        return {}
    headers, *lines = claim_table.table(report.claims)
    kinds = [COLOURS.get(claim.verdict, "plain") for claim in report.claims]
    return {
        "headers": list(headers),
        "lines": [{"kind": kind, "cells": list(cells)} for kind, cells in zip(kinds, lines, strict=True)],
        "note": claim_table.footnote(report.claims, report.plan.looks),
    }
