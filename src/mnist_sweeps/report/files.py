"""The files of a report, each replaced atomically."""

from pathlib import Path

from mnist_sweeps.report.diff import SweepDiff
from mnist_sweeps.report.figures import overview
from mnist_sweeps.report.load import Report, read
from mnist_sweeps.report.tables import markdown, text
from mnist_sweeps.storage import atomic

FILES = ("histories.csv", "report.csv", "report.html", "report.md", "report.txt", "runs.csv")


def write(folder: Path) -> Report:
    """The report of the sweep in `folder`, after its files and the sweep's figures are rewritten there.

    Raises:
        FileNotFoundError: `folder` has no sweep.yaml.
        ValueError: sweep.yaml is not a valid plan of a sweep.
        OSError: The folder cannot be written.
    """
    report = read(folder)
    write_files(report)
    return report


def write_files(report: Report) -> None:
    """Rewrites the files of a report and the sweep's figures in its folder.

    claims.csv is written only if the sweep has claims, effects.csv only of a grid. If two processes write at once, each
    file is complete and comes from one of them.

    Raises:
        OSError: The folder cannot be written.
    """
    # Jinja2, pandas and Pillow: 0.5 s that a table in the terminal does not need
    from mnist_sweeps.report.page import render
    from mnist_sweeps.report.tables import csv_files

    overview.draw(report)
    contents = {
        "histories.csv": csv_files.histories_csv(report),
        "report.csv": csv_files.report_csv(report),
        "report.html": render.render(report),
        "report.md": markdown.render(report),
        "report.txt": text.render(report),
        "runs.csv": csv_files.runs_csv(report),
    }
    if report.effects and report.effects.effects:
        contents["effects.csv"] = csv_files.effects_csv(report)
    if report.claims:
        contents["claims.csv"] = csv_files.claims_csv(report)
    for name, content in contents.items():
        atomic.write(report.folder / name, content)


def write_page(shown: Report | SweepDiff, path: Path) -> None:
    """Writes the page of a diff, or that of a report to another file than report.html.

    Args:
        shown: The report or the diff.
        path: The file; its folder exists.

    Raises:
        OSError: It cannot be written.
    """
    from mnist_sweeps.report.page import render  # Jinja2 and Pillow, as above

    atomic.write(path, render.render_diff(shown) if isinstance(shown, SweepDiff) else render.render(shown))
