"""The report as a single self-contained page: report.html."""

from html import escape
from pathlib import Path

from mnist_sweeps.report.claims import claim_table
from mnist_sweeps.report.claims.judge import FAILS, HOLDS, JudgedClaim
from mnist_sweeps.report.figures.embedded import Album, albums
from mnist_sweeps.report.load import Report
from mnist_sweeps.report.notes.search import importances
from mnist_sweeps.report.row import ReportRow
from mnist_sweeps.report.tables.columns import Column, columns
from mnist_sweeps.report.wording import listed

STYLE = Path(__file__).with_name("page.css")
POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"  # the page loads nothing from elsewhere


def render(report: Report) -> str:
    """The page: header, rows and notes as in the other formats, and the figures of the rows embedded."""
    shown = columns(report, wide=True)
    included, omitted = albums(report)
    anchors = {album.name: album.anchor for album in included if album.anchor != "all"}
    head = "".join(f'<th scope="col"{_side(column)}>{escape(column.header)}</th>' for column in shown)
    body = "\n".join(_line(row, shown, anchors.get(row.same_as or row.name)) for row in report.rows)
    notes = "\n".join(f"<li>{escape(note)}</li>" for note in report.notes)
    sections = "\n".join(_section(album) for album in included)
    origin = " · ".join(part for part in (report.plan.command, report.plan.made) if part)
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{POLICY}">
<meta name="color-scheme" content="light dark">
<title>{escape(report.title)}</title>
<style>
{STYLE.read_text(encoding="utf-8")}</style>
</head>
<body>
<h1>{escape(report.sweep)}</h1>
<p class="question">{escape(report.question or "")}</p>
<p class="header">{escape(report.header)}</p>
<div class="wide"><table>
<thead><tr>{head}</tr></thead>
<tbody>
{body}
</tbody>
</table></div>
<ul class="notes">
{notes}
</ul>
{_claims(report.claims)}
{_importances(report)}
{sections}
<p class="left">{escape(_omitted_note(omitted))}</p>
<footer>{escape(origin)}</footer>
</body>
</html>
"""


def _line(row: ReportRow, shown: list[Column], anchor: str | None) -> str:
    first, *rest = ((column, escape(column.cell(row))) for column in shown)
    name = f'<a href="#{anchor}">{first[1]}</a>' if anchor else first[1]
    cells = "".join(f"<td{_side(column)}>{text}</td>" for column, text in rest)
    return f'<tr class="{_kind(row)}"><th scope="row">{name}</th>{cells}</tr>'


def _side(column: Column) -> str:
    """The class attribute of a column's cells."""
    names = [name for name, has in (("number", column.number), ("judged", column.judged)) if has]
    return f' class="{" ".join(names)}"' if names else ""


def _kind(row: ReportRow) -> str:
    """The class of the row's line, which decides its colour."""
    if not row.finished:
        return "missing"
    verdict = row.comparison.verdict if row.comparison else ""
    return verdict if verdict in ("higher", "lower") else "plain"


COLOURS = {HOLDS: "higher", FAILS: "lower"}


def _claims(claims: tuple[JudgedClaim, ...]) -> str:
    """The table of claims, coloured by verdict as the rows are; empty without claims."""
    if not claims:
        return ""
    headers, *cells = ([escape(cell) for cell in line] for line in claim_table.table(claims))
    head = "".join(f'<th scope="col">{header}</th>' for header in headers)
    lines = []
    for claim, (*values, verdict) in zip(claims, cells, strict=True):
        row = "".join(f"<td>{cell}</td>" for cell in values)
        lines.append(f'<tr class="{COLOURS.get(claim.verdict, "plain")}">{row}<td class="judged">{verdict}</td></tr>')
    body = "\n".join(lines)
    note = escape(claim_table.footnote(claims))
    table = f'<table class="claims">\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody>\n</table>'
    return (
        f'<section id="claims"><h2>Claims</h2>\n<div class="wide">{table}</div>\n<p class="header">{note}</p></section>'
    )


def _importances(report: Report) -> str:
    """The table of a search's importances; empty for sweeps of other kinds."""
    lines = [
        f'<tr><th scope="row">{escape(key)}</th><td class="number">{share}</td></tr>'
        for key, share in importances(report.plan)
    ]
    body = "\n".join(lines)
    heading = "<h2>What the validation accuracy depends on</h2>"
    return f"<section>{heading}\n<table>\n<tbody>\n{body}\n</tbody>\n</table></section>" if lines else ""


def _section(album: Album) -> str:
    images = "\n".join(
        f'<figure><img tabindex="0" src="data:image/png;base64,{data}" alt="{escape(f"{title} of {album.name}")}">'
        f"<figcaption>{escape(title)}</figcaption></figure>"
        for title, data in album.pictures
    )
    # The style sheet shows a focused image in full size, so that the page can zoom without scripts.
    heading = f"<h2>{escape(album.name)}</h2>"
    return f'<section id="{album.anchor}">{heading}\n<div class="figures">\n{images}\n</div></section>'


def _omitted_note(folders: list[str]) -> str:
    return f"Figures not shown on this page, because of its size limit: {listed(folders)}." if folders else ""
