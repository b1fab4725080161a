"""List every sweep with its question, variants and minutes, and every option of every group."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from mnist_sweeps.planning import catalog, conf_paths


def add_arguments(parser: ArgumentParser) -> None:
    """Adds nothing: the command takes none."""


def run(arguments: Namespace) -> int:
    """Always 0."""
    where = conf_paths.conf()
    print("Sweeps (mnist-sweeps sweep=NAME)\n")
    for sweep in catalog.sweeps(where):
        print(f"  {sweep.name:<22} {sweep.question}")
        print(f"  {'':<22} {sweep.rows} rows, {sweep.minutes or 'time not known'} on 2 cores")
    for group in catalog.GROUPS:
        print(f"\n{group}=")
        for option in catalog.options(where, group):
            print(f"  {option.name:<22} {option.about}")
    return 0
