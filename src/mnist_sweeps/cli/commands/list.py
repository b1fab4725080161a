"""List every sweep with its question, variants and minutes, and every option of every group."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.planning import catalog, conf_paths


def add_arguments(parser: ArgumentParser) -> None:
    """Adds nothing: the command takes none."""


def run(arguments: Namespace) -> int:
    """Always 0.

    Raises:
        ConfigError: A line for each file that cannot be read, after all others are listed.
    """
    where = conf_paths.conf()
    entries, faults = catalog.readable_sweeps(where)
    print("Sweeps (mnist-sweeps sweep=NAME)\n")
    for sweep in entries:
        print(f"  {sweep.name:<22} {sweep.question}")
        print(f"  {'':<22} {sweep.rows} variants, {sweep.minutes or 'time not known'} on 2 cores")
    for group in catalog.GROUPS:
        _print_options(f"{group}=", group, where)
    for group in catalog.own_groups(where):
        _print_options(f"+{group}=", group, where)
    if faults:
        raise ConfigError("\n".join(faults))
    return 0


def _print_options(heading: str, group: str, where: list[Path]) -> None:
    print(f"\n{heading}")
    for option in catalog.options(where, group):
        print(f"  {option.name:<22} {option.about}")
