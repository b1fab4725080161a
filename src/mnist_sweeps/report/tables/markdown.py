"""The report for a README or an issue: report.md."""

import re
from collections.abc import Iterable, Sequence

from mnist_sweeps.report.claims import claim_table
from mnist_sweeps.report.load import Report
from mnist_sweeps.report.notes.search import importances
from mnist_sweeps.report.tables import effect_table
from mnist_sweeps.report.tables.columns import columns
from mnist_sweeps.report.wording import UNATTRIBUTABLE

SPECIAL = re.compile(r"([\\`*_{}\[\]<>|~#])")


def render(report: Report) -> str:
    """A heading, the answer, the header, one wide table, the notes as a list, the effects and the claims."""
    shown = columns(report, wide=True)
    lines = [
        [escaped(column.header) for column in shown],
        ["---:" if column.number else ":---" for column in shown],
        *([escaped(column.cell(row)) for column in shown] for row in report.rows),
    ]
    table = markdown_table(lines)
    shares = [f"| {escaped(key)} | {share} |" for key, share in importances(report.plan)]
    depends = "\n".join(
        ["## What the validation accuracy depends on", "", "| Key | Share |", "| :--- | ---: |", *shares]
    )
    notes = "\n".join(f"- {escaped(note)}" for note in report.notes)
    title = f"# {escaped(report.title)}"
    parts = (
        title,
        escaped(report.answer),
        escaped(report.header),
        table,
        notes,
        depends if shares else "",
        *_effects(report),
        *_claims(report),
    )
    return "\n\n".join(part for part in parts if part) + "\n"


def markdown_table(lines: Iterable[Sequence[str]]) -> str:
    """The lines as a Markdown table; the first two are header and alignment."""
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _effects(report: Report) -> list[str]:
    if report.effects is None:
        return []
    headers, *lines = ([escaped(cell) for cell in line] for line in effect_table.table(report.effects))
    drawn = [markdown_table([headers, [":---"] * len(headers), *lines])] if lines else []
    return ["## Effects of the settings", *drawn, escaped(effect_table.footnote(report.effects))]


def _claims(report: Report) -> list[str]:
    if not report.claims:
        return []
    headers, *lines = ([escaped(cell) for cell in line] for line in claim_table.table(report.claims))
    return [
        "## Claims",
        markdown_table([headers, [":---"] * len(headers), *lines]),
        escaped(claim_table.footnote(report.claims, report.plan.looks)),
    ]


def escaped(words: str) -> str:
    """The text on one line, with the special characters of Markdown escaped; only `UNATTRIBUTABLE` is emphasized."""
    return SPECIAL.sub(r"\\\1", " ".join(words.split())).replace(UNATTRIBUTABLE, f"*{UNATTRIBUTABLE}*")
