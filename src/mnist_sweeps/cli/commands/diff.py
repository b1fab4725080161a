"""Compare two sweeps, or two rows: settings, versions, results, verdict, images on which they differ."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from mnist_sweeps.report.diff import diff
from mnist_sweeps.report.selection import select
from mnist_sweeps.report.tables import diff_text


def add_arguments(parser: ArgumentParser) -> None:
    """Adds the two sides."""
    what = "folder of a sweep, or of it a row, by name or folder: outputs/quickstart/softmax"
    parser.add_argument("first", metavar="A", help=what)
    parser.add_argument("second", metavar="B", help="what it is compared with, of the same kind")


def run(arguments: Namespace) -> int:
    """Always 0: a difference is no error.

    Raises:
        ConfigError: There is no such sweep or row, or a row is compared with a sweep of several.
    """
    print(diff_text.render(diff(select(arguments.first), select(arguments.second))))
    return 0
