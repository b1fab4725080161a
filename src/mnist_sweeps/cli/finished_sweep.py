"""A sweep whose record is changed after its training: read while no run is under way, and reported again."""

from __future__ import annotations

from pathlib import Path

from mnist_sweeps import report
from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.job import missing_figures
from mnist_sweeps.report.tables import text
from mnist_sweeps.storage import folder_names
from mnist_sweeps.storage.run_lock import is_locked
from mnist_sweeps.storage.sweep_file import read_sweep_file
from mnist_sweeps.storage.sweep_record import SweepRecord


def read(folder: Path) -> SweepRecord:
    """The record of the sweep in a folder.

    Raises:
        ConfigError: There is no sweep, or one of its runs is being trained.
    """
    try:
        record = read_sweep_file(folder)
    except (OSError, ValueError) as error:
        raise ConfigError(f"{folder}: {error}") from error
    for variant in record.variants:
        if any(is_locked(run) for run in folder_names.run_folders(folder / variant.folder)):
            raise ConfigError(f"{folder}: {variant.name} is being trained; wait until the sweep has ended")
    return record


def report_again(folder: Path) -> int:
    """Prints the table and writes the report; 0 where all figures are drawn, too, else 1."""
    read_again = report.read(folder)
    print(text.render(read_again))
    report.write_files(read_again)
    return 0 if missing_figures.draw({row.name: row.folder for row in read_again.rows if not row.same_as}) else 1
