"""The folder of a variant: which of its runs are missing, and which are under way."""

from __future__ import annotations

from pathlib import Path

from mnist_sweeps.config.schema import Config, RunKey
from mnist_sweeps.storage import folder_names, run_digest
from mnist_sweeps.storage.run_folder import BEGUN, completed, folder_of


def unfinished(config: Config, folder: Path) -> list[RunKey]:
    """The runs of a variant that have not been trained to their end.

    Args:
        config: The config of the variant.
        folder: The variant's folder.
    """
    return [run for run in config.runs if not completed(folder_of(folder, run), run_digest.digest(config, run))]


def is_complete(config: Config, folder: Path) -> bool:
    """Whether a variant needs no job: all its runs are completed.

    Args:
        config: The config of the variant.
        folder: The variant's folder.
    """
    return not unfinished(config, folder)


def begun_notes(variant: Path) -> list[Path]:
    """The notes of runs in a variant's folder that are under way, or whose process was killed."""
    return [note for folder in folder_names.run_folders(variant) if (note := folder / BEGUN).exists()]
