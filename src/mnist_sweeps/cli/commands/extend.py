"""Add seeds to every row of a finished sweep, or train its runs for more epochs from the states that they kept.

More seeds are added in its folder, where verdicts are then of one more look, and are corrected for it. More epochs are
another sweep, in a folder next to it: DIR,training.epochs=N.
"""

from __future__ import annotations

import re
import shlex
from argparse import ArgumentParser, Namespace
from dataclasses import asdict, replace
from pathlib import Path

from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.config.until_decided import seeds_after
from mnist_sweeps.storage import run_folder
from mnist_sweeps.storage.folder_names import slug
from mnist_sweeps.storage.sweep_file import read_sweep_file, write_sweep_file
from mnist_sweeps.storage.sweep_record import SweepRecord

ADDED = r"seeds=\+([1-9][0-9]*)"
EPOCHS = r"training\.epochs=([1-9][0-9]*)"
NOT_AGAIN = ("fresh=", "overwrite=", "hydra.sweep.dir=", "output_dir=")  # of the command that made the sweep


def add_arguments(parser: ArgumentParser) -> None:
    """Adds the sweep's folder and the number of seeds."""
    parser.add_argument("folder", type=Path, metavar="DIR", help="folder of a finished sweep, like outputs/quickstart")
    parser.add_argument(
        "more",
        metavar="seeds=+N|training.epochs=N",
        help="how many seeds are added to each row, like seeds=+10; or for how many epochs all rows train, in all",
    )


def run(arguments: Namespace) -> int:
    """As the command that made the sweep: 0 where all runs completed, 1 where some failed.

    Raises:
        ConfigError: There is no finished sweep in the folder, or none that is compared seed by seed.
    """
    folder: Path = arguments.folder
    added, epochs = re.fullmatch(ADDED, arguments.more), re.fullmatch(EPOCHS, arguments.more)
    if added is None and epochs is None:
        raise ConfigError(
            f"extend: {arguments.more}: expected a number of seeds to add, like seeds=+10, or of epochs, like "
            "training.epochs=40"
        )
    try:
        record = read_sweep_file(folder)
    except (OSError, ValueError) as error:
        raise ConfigError(f"extend {folder}: {error}") from error
    words = shlex.split(record.command or "")[1:]
    _check_finished(record, folder, words)
    words = [word for word in words if not word.startswith(NOT_AGAIN)]
    if epochs:
        return _longer(record, folder, words, epochs[1])
    return _more_seeds(record, folder, words, int(added[1] if added else 0))


def _more_seeds(record: SweepRecord, folder: Path, words: list[str], count: int) -> int:
    _check_compared(record, folder)
    from mnist_sweeps.cli.train import train  # Hydra: 0.1 s
    from mnist_sweeps.planning.override_values import quoted

    write_sweep_file(_extended(record, count), folder)  # which is all that a resumed sweep needs to know
    place = f"hydra.sweep.dir={quoted(str(folder))}"
    try:
        return train(_with(words, place))
    except Exception:  # nothing was trained
        write_sweep_file(record, folder)
        raise


def _longer(record: SweepRecord, folder: Path, words: list[str], epochs: str) -> int:
    """Trains the sweep for more epochs, in another folder and on the same kind of machine, whose bits are the same."""
    if record.extended:
        raise ConfigError(f"extend {folder}: seeds were added to it; train it for more epochs from its command")
    from mnist_sweeps.cli.train import train
    from mnist_sweeps.planning.override_values import quoted

    longer = f"training.epochs={epochs}"
    target = folder.with_name(slug(f"{re.sub(r',training.epochs=[0-9]+', '', folder.resolve().name)},{longer}"))
    machine = asdict(record.machine) if record.machine else {}
    keys = {word.partition("=")[0] for word in words}
    same = [f"{key}={quoted(str(value))}" for key, value in machine.items() if key not in keys]
    others = [word for word in words if not word.startswith(("training.epochs=", "continue_from="))]
    places = [f"continue_from={quoted(str(folder))}", f"hydra.sweep.dir={quoted(str(target))}"]
    return train(_with(others, *same, longer, *places))


def _with(words: list[str], *overrides: str) -> list[str]:
    """A command with more overrides next to its own: Hydra takes none on the other side of an option."""
    first = next(place for place, word in enumerate(words) if "=" in word and not word.startswith("-"))
    return [*words[:first], *overrides, *words[first:]]


def _check_compared(record: SweepRecord, folder: Path) -> None:
    if record.until:
        raise ConfigError(
            f"extend {folder}: its seeds are added until decided; raise seeds.at_most in its command or file instead, "
            "which does not change the level of its rounds"
        )
    if record.search or not any(variant.compared_with for variant in record.variants):
        raise ConfigError(f"extend {folder}: it compares no rows; set more seeds in its command or file")


def _check_finished(record: SweepRecord, folder: Path, words: list[str]) -> None:
    if not words or "=" not in " ".join(words):
        raise ConfigError(f"extend {folder}: sweep.yaml does not say with which command the sweep was made")
    runs = [(folder / row.folder, run) for row in record.variants if not row.same_as for run in row.runs]
    left = sum(run_folder.read(run_folder.folder_of(variant, run)) is None for variant, run in runs)
    if left:
        raise ConfigError(f"extend {folder}: {left} of its runs are still to be trained: {record.command}")


def _extended(record: SweepRecord, count: int) -> SweepRecord:
    variants = [replace(variant, seeds=tuple(seeds_after(variant.seeds, count))) for variant in record.variants]
    return replace(record, variants=tuple(variants), extended=(*record.extended, count))
