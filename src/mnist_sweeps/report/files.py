"""The files of a report, each replaced in one step."""

from pathlib import Path

from mnist_sweeps.report.figures import overview
from mnist_sweeps.report.load import Report, read
from mnist_sweeps.report.tables import html, markdown, text
from mnist_sweeps.storage import atomic

FILES = ("histories.csv", "report.csv", "report.html", "report.md", "report.txt")


def write(folder: Path) -> Report:
    """The report of the sweep in `folder`, after its files and the pictures of all rows are rewritten there;
    claims.csv only where there are claims.

    Two writers at once leave whole files, each of one of them. Raises what `read` raises, and OSError where
    the folder cannot be written.
    """
    from mnist_sweeps.report.tables import csv_files  # pandas: 0.3 s that a table in the terminal does not need

    report = read(folder)
    overview.draw(report)
    drawn = {
        "histories.csv": csv_files.histories_csv(report),
        "report.csv": csv_files.report_csv(report),
        "report.html": html.render(report),
        "report.md": markdown.render(report),
        "report.txt": text.render(report),
    }
    if report.claims:
        drawn["claims.csv"] = csv_files.claims_csv(report)
    for name, content in drawn.items():
        atomic.write(report.folder / name, content)
    return report
