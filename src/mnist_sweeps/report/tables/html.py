"""The report for a notebook: title, answer, table and notes, as a piece of HTML without style or script."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from mnist_sweeps.report.load import Report
from mnist_sweeps.report.tables.columns import columns


def render(report: Report) -> str:
    """A `<div>` with the columns of the terminal's table, among them the verdicts; every name is escaped."""
    shown = columns(report, wide=False)
    head = _line("th", [column.header for column in shown])
    body = "".join(_line("td", [column.cell(row) for column in shown]) for row in report.rows)
    return (
        f"<div><p><strong>{escape(report.title)}</strong><br>{escape(report.header)}</p>"
        f'<table class="dataframe"><thead>{head}</thead><tbody>{body}</tbody></table>'
        f"{''.join(f'<p>{escape(text)}</p>' for text in (report.answer, *report.notes) if text)}</div>"
    )


def _line(tag: str, cells: Sequence[str]) -> str:
    return f"<tr>{''.join(f'<{tag}>{escape(cell)}</{tag}>' for cell in cells)}</tr>"
