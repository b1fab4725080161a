"""Drop rows of a finished sweep from its report; their runs stay on the disk, and their comparisons still count."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from mnist_sweeps.cli import finished_sweep
from mnist_sweeps.storage import sweep_rows
from mnist_sweeps.storage.sweep_file import write_sweep_file


def add_arguments(parser: ArgumentParser) -> None:
    """Adds the sweep's folder and the rows."""
    parser.add_argument("folder", type=Path, metavar="DIR", help="folder of a sweep, like outputs/quickstart")
    parser.add_argument("rows", nargs="+", metavar="ROW", help="names of rows")


def run(arguments: Namespace) -> int:
    """0, once the report is without the rows.

    Raises:
        ConfigError: There is no such row, another row needs it, or the sweep is being trained.
    """
    folder: Path = arguments.folder
    record = finished_sweep.read(folder)
    changed = sweep_rows.without(record, arguments.rows)
    write_sweep_file(changed, folder)
    code = finished_sweep.report_again(folder)
    for name in arguments.rows:
        print(f"{name}: its runs are still in {folder / sweep_rows.row_of(record, name).folder}")
    print("the command that made the sweep brings them back; take them out of the sweep file, too")
    return code
