"""Rename a row of a finished sweep; its folder moves, its runs are not trained again, and the report follows."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from mnist_sweeps.cli import finished_sweep
from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.storage import sweep_rows, variant_folder
from mnist_sweeps.storage.sweep_file import write_sweep_file


def add_arguments(parser: ArgumentParser) -> None:
    """Adds the sweep's folder and the two names."""
    parser.add_argument("folder", type=Path, metavar="DIR", help="folder of a sweep, like outputs/quickstart")
    parser.add_argument("old", metavar="OLD", help="the row's name")
    parser.add_argument("new", metavar="NEW", help="its new name")


def run(arguments: Namespace) -> int:
    """0, once the report has the new name.

    Raises:
        ConfigError: There is no such row, the new name or its folder is taken, or the sweep is being trained.
    """
    folder: Path = arguments.folder
    record = finished_sweep.read(folder)
    changed = sweep_rows.renamed(record, arguments.old, arguments.new)
    source = folder / sweep_rows.row_of(record, arguments.old).folder
    target = folder / sweep_rows.row_of(changed, arguments.new).folder
    if source != target and source.is_dir():
        if target.exists():
            raise ConfigError(f"{target}: is in the way; move it aside, or choose another name")
        source.rename(target)
    write_sweep_file(changed, folder)
    (target / variant_folder.LAST_PICTURE).unlink(missing_ok=True)  # its title is the old name
    code = finished_sweep.report_again(folder)
    print(f"{target}: the runs of {arguments.old}, now {arguments.new}; rename it in the sweep file, too")
    return code
