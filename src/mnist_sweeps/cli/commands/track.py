"""Send a sweep to MLflow, TensorBoard or Weights & Biases: every run that is not there yet, and the report."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from mnist_sweeps.config.allowed import TRACKERS
from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.storage.sweep_file import read_sweep_file
from mnist_sweeps.tracking import trackers
from mnist_sweeps.tracking.tracking import Tracking


def add_arguments(parser: ArgumentParser) -> None:
    """Adds the sweep's folder, and the trackers."""
    parser.add_argument("folder", type=Path, metavar="DIR", help="folder of a sweep, like outputs/quickstart")
    parser.add_argument(
        "--to", action="append", required=True, choices=TRACKERS, help="which tracker; again for a second one"
    )


def run(arguments: Namespace) -> int:
    """0 where every tracker has the sweep, 1 where one failed.

    Raises:
        ConfigError: There is no sweep in the folder, or a tracker's package is not installed.
    """
    folder: Path = arguments.folder
    trackers.require(arguments.to)
    try:
        read_sweep_file(folder)
    except (OSError, ValueError) as error:
        raise ConfigError(f"track {folder}: {error}") from error
    tracking = Tracking(arguments.to, folder)
    tracking.finish()
    return int(set(arguments.to) != set(tracking.trackers))
