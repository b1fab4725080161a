"""Compare two sweeps, or two rows: settings, versions, results, verdict, images on which they differ."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from mnist_sweeps.cli.page_file import write_page
from mnist_sweeps.report.diff import SweepDiff, diff
from mnist_sweeps.report.selection import select
from mnist_sweeps.report.tables import diff_text
from mnist_sweeps.storage.folder_names import slug


def add_arguments(parser: ArgumentParser) -> None:
    """Adds the two sides."""
    what = "folder of a sweep, or of it a row, by name or folder: outputs/quickstart/softmax"
    parser.add_argument("first", metavar="A", help=what)
    parser.add_argument("second", metavar="B", help="what it is compared with, of the same kind")
    parser.add_argument(
        "--page", action="store_true", help="write a page of it, too, into the folder of the first sweep"
    )


def run(arguments: Namespace) -> int:
    """0, since a difference is no error; 1 where the page cannot be written.

    Raises:
        ConfigError: There is no such sweep or row, or a row is compared with a sweep of several.
    """
    found = diff(select(arguments.first), select(arguments.second))
    print(diff_text.render(found))
    return write_page(found, _page(found), "page") if arguments.page else 0


def _page(found: SweepDiff) -> Path:
    """`diff+ROW+OTHER_SWEEP+OTHER_ROW.html` in the folder of the first sweep, with the parts that are needed."""
    folders = [selection.report.folder.resolve() for selection in (found.first, found.second)]
    rows = [selection.row.variant.folder if selection.row else "" for selection in (found.first, found.second)]
    parts = ["diff", rows[0], "" if folders[0] == folders[1] else folders[1].name, rows[1]]
    return found.first.report.folder / f"{slug('+'.join(filter(None, parts)))}.html"
