"""The end of a sweep: its report is printed and written, missing figures are drawn."""

from __future__ import annotations

from pathlib import Path

from mnist_sweeps import report
from mnist_sweeps.job import missing_figures
from mnist_sweeps.job.early_figures import EarlyFigures
from mnist_sweeps.report import Report
from mnist_sweeps.report.tables import text
from mnist_sweeps.runtime.messages import LOGGER


class RunsFailed(Exception):
    """Some runs of the sweep failed (its report says which and why), or figures, or the report is not written."""


def finish(folder: Path, changed: bool, early: EarlyFigures) -> tuple[Report, bool]:
    """The report of a sweep, and whether every figure is drawn.

    Args:
        folder: The sweep's folder.
        changed: Something was trained, or sweep.yaml is another one: the report is written anew. It is also written
            where one of its files is missing.
        early: Has drawn figures while variants were trained.

    Raises:
        RunsFailed: The report cannot be written.
    """
    finished = report.read(folder)
    print(text.render(finished), flush=True)
    stale = changed or not all((folder / name).exists() for name in report.FILES)
    try:
        if stale:
            report.write_files(finished)
    except OSError as error:
        raise RunsFailed(f"{folder}: the report is not written: {error}") from error
    LOGGER.debug(f"{folder}: report {'written' if stale else 'up to date'}")
    drawn = missing_figures.draw({row.name: row.folder for row in finished.rows if row.same_as is None}, early)
    return finished, drawn


def stop(folder: Path) -> None:
    """At Ctrl-C: the report of what exists."""
    stopped = report.read(folder)
    print(text.render(stopped), flush=True)
    report.write_files(stopped)
