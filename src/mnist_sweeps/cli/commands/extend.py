"""Add seeds to every row of a finished sweep; its verdicts are then of one more look, and are corrected for it."""

from __future__ import annotations

import re
import shlex
from argparse import ArgumentParser, Namespace
from dataclasses import replace
from pathlib import Path

from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.config.until_decided import seeds_after
from mnist_sweeps.storage import run_folder
from mnist_sweeps.storage.sweep_file import read_sweep_file, write_sweep_file
from mnist_sweeps.storage.sweep_record import SweepRecord

ADDED = r"seeds=\+([1-9][0-9]*)"
NOT_AGAIN = ("fresh=", "overwrite=", "hydra.sweep.dir=", "output_dir=")  # of the command that made the sweep


def add_arguments(parser: ArgumentParser) -> None:
    """Adds the sweep's folder and the number of seeds."""
    parser.add_argument("folder", type=Path, metavar="DIR", help="folder of a finished sweep, like outputs/quickstart")
    parser.add_argument("seeds", metavar="seeds=+N", help="how many seeds are added to each row, like seeds=+10")


def run(arguments: Namespace) -> int:
    """As the command that made the sweep: 0 where all runs completed, 1 where some failed.

    Raises:
        ConfigError: There is no finished sweep in the folder, or none that is compared seed by seed.
    """
    folder: Path = arguments.folder
    added = re.fullmatch(ADDED, arguments.seeds)
    if added is None:
        raise ConfigError(f"extend: {arguments.seeds}: expected a number of seeds to add, like seeds=+10")
    try:
        record = read_sweep_file(folder)
    except (OSError, ValueError) as error:
        raise ConfigError(f"extend {folder}: {error}") from error
    words = shlex.split(record.command or "")[1:]
    _check(record, folder, words)
    from mnist_sweeps.cli.train import train  # Hydra: 0.1 s
    from mnist_sweeps.planning.override_values import quoted

    write_sweep_file(_extended(record, int(added[1])), folder)  # which is all that a resumed sweep needs to know
    place = f"hydra.sweep.dir={quoted(str(folder))}"
    try:
        return train([*(word for word in words if not word.startswith(NOT_AGAIN)), place])
    except Exception:  # nothing was trained
        write_sweep_file(record, folder)
        raise


def _check(record: SweepRecord, folder: Path, words: list[str]) -> None:
    if record.until:
        raise ConfigError(
            f"extend {folder}: its seeds are added until decided; raise seeds.at_most in its command or file instead, "
            "which does not change the level of its rounds"
        )
    if record.search or not any(variant.compared_with for variant in record.variants):
        raise ConfigError(f"extend {folder}: it compares no rows; set more seeds in its command or file")
    if not words or "=" not in " ".join(words):
        raise ConfigError(f"extend {folder}: sweep.yaml does not say with which command the sweep was made")
    runs = [(folder / row.folder, run) for row in record.variants if not row.same_as for run in row.runs]
    left = sum(run_folder.read(run_folder.folder_of(variant, run)) is None for variant, run in runs)
    if left:
        raise ConfigError(f"extend {folder}: {left} of its runs are still to be trained: {record.command}")


def _extended(record: SweepRecord, count: int) -> SweepRecord:
    variants = [replace(variant, seeds=tuple(seeds_after(variant.seeds, count))) for variant in record.variants]
    return replace(record, variants=tuple(variants), extended=(*record.extended, count))
