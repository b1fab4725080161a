"""Write conf/ with one sweep, a CI workflow that trains it in seconds, and a pre-commit hook that checks it."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from mnist_sweeps.cli import starter_files

SWEEP = "first"


def add_arguments(parser: ArgumentParser) -> None:
    """Adds nothing: the files have the names under which GitHub and pre-commit look for them."""


def run(arguments: Namespace) -> int:
    """0, once all files are written.

    Raises:
        ConfigError: One of them is there already; then none is written.
    """
    files = starter_files.repository(SWEEP)
    starter_files.write(files)
    print(*files, sep="\n")
    print(f"next: mnist-sweeps check sweep={SWEEP}")
    return 0
