"""The report as a notebook shows it."""

from tests.synthetic_sweep import Sweep

from mnist_sweeps import report
from mnist_sweeps.report.tables.html import render

HOSTILE = '<script>alert(1)</script>| "quoted" & 🙂'


def test_the_table_has_rows_and_verdicts(three_rows: Sweep) -> None:
    shown = render(report.read(three_rows.save()))
    assert shown.startswith("<div><p><strong>small: Which is best?</strong>")
    assert "<th>Verdict</th>" in shown
    assert "<td>wide</td>" in shown and "<td>higher</td>" in shown
    assert "Against 512-256, test accuracy is higher with wide" in shown


def test_names_are_text(sweep: Sweep) -> None:
    sweep.row(HOSTILE, [0.9], folder="hostile")
    shown = render(report.read(sweep.save()))
    assert "<script" not in shown
    assert "&lt;script&gt;alert(1)&lt;/script&gt;| &quot;quoted&quot; &amp; 🙂" in shown
