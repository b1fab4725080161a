"""Write a commented sweep to start from, which trains as it is."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from mnist_sweeps.cli import starter_files


def add_arguments(parser: ArgumentParser) -> None:
    """Adds what is to be written, and its name."""
    parser.add_argument("kind", choices=["sweep"], help="what to write")
    parser.add_argument("name", metavar="NAME", help="the sweep is written to conf/sweep/NAME.yaml")


def run(arguments: Namespace) -> int:
    """0, once the file is written.

    Raises:
        ConfigError: The name cannot be that of a sweep, or the file is there already.
    """
    files = starter_files.sweep(arguments.name)
    starter_files.write(files)
    print(*files, sep="\n")
    print(f"next: mnist-sweeps check sweep={arguments.name}")
    return 0
