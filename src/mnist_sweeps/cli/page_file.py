"""A page that a command writes next to the report, and where it says so."""

from __future__ import annotations

from pathlib import Path

from mnist_sweeps import report
from mnist_sweeps.report import Report
from mnist_sweeps.report.diff import SweepDiff
from mnist_sweeps.runtime.messages import LOGGER


def write_page(shown: Report | SweepDiff, path: Path, name: str) -> int:
    """The exit code: 0 after the page is written, 1 where that is impossible; a message says which.

    Args:
        shown: What the page is of.
        path: Its file; the folder exists.
        name: What the messages call it: `page`.
    """
    try:
        report.write_page(shown, path)
    except OSError as error:
        LOGGER.error(f"the {name} is not written: {error}")
        return 1
    LOGGER.info(f"{name}: {path}")
    return 0
