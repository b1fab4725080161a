"""The report for a terminal, and report.txt."""

import textwrap

from prettytable import HRuleStyle, PrettyTable

from mnist_sweeps.report.claims import claim_table
from mnist_sweeps.report.load import Report
from mnist_sweeps.report.tables import effect_table
from mnist_sweeps.report.tables.columns import columns
from mnist_sweeps.report.wording import shortened

WIDEST = 40  # characters of a cell; names of grids run to hundreds


def render(report: Report) -> str:
    """Title, header, table, answer, notes, effects and claims, ending in a newline; long cells are shortened."""
    shown = columns(report, wide=False)
    table = PrettyTable()
    for column in shown:
        cells = shortened([clean(column.cell(row)) for row in report.rows], WIDEST)
        table.add_column(column.header, cells, align="r" if column.number else "l")
    drawn = table.get_string()
    width = len(drawn.partition("\n")[0])
    said = [textwrap.fill(clean(answer), width)] if (answer := report.answer) else []
    notes = [textwrap.fill(clean(note), width, subsequent_indent="  ") for note in report.notes]
    return "\n".join(
        [clean(report.title), clean(report.header), drawn, *said, *notes, *_effects(report), *_claims(report), ""]
    )


def _effects(report: Report) -> list[str]:
    """The table of effects and its footnote; only that where there are none."""
    if report.effects is None:
        return []
    headers, *lines = effect_table.table(report.effects)
    table = PrettyTable(headers, align="r")
    table.align[headers[0]] = table.align["Verdict"] = table.align["Best"] = table.align["Worst"] = "l"
    table.add_rows([shortened([clean(cell) for cell in line], WIDEST) for line in lines])
    drawn = [table.get_string()] if lines else []
    width = len(drawn[0].partition("\n")[0]) if drawn else 100
    return ["", *drawn, textwrap.fill(effect_table.footnote(report.effects), width)]


def _claims(report: Report) -> list[str]:
    """The table of claims with wrapped cells, and its footnote."""
    if not report.claims:
        return []
    headers, *lines = claim_table.table(report.claims)
    table = PrettyTable(headers, align="l", hrules=HRuleStyle.ALL, max_width=WIDEST)
    table.add_rows([[clean(cell) for cell in line] for line in lines])
    drawn = table.get_string()
    return [
        "",
        drawn,
        textwrap.fill(claim_table.footnote(report.claims, report.plan.looks), len(drawn.partition("\n")[0])),
    ]


def clean(words: str) -> str:
    """The text with line breaks and control characters, which a terminal would execute, replaced by spaces."""
    return "".join(char if char.isprintable() else " " for char in words)
