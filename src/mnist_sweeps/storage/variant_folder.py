"""The folder of a variant: the records of its runs, which are missing or under way, and whether it is drawn."""

from __future__ import annotations

from pathlib import Path

from mnist_sweeps.config.schema import Config, RunKey
from mnist_sweeps.storage import folder_names, run_digest, run_file
from mnist_sweeps.storage.run_folder import BEGUN, completed, folder_of, read
from mnist_sweeps.storage.run_record import RunRecord

LAST_PICTURE = "figures/curves.png"  # of a variant: drawn after all others


def read_all(variant: Path) -> dict[Path, RunRecord]:
    """The readable records in a variant's folder, by the folders of their runs."""
    return {folder: record for folder in folder_names.run_folders(variant) if (record := read(folder))}


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


def is_drawn(variant: Path) -> bool:
    """Whether the pictures of a variant are newer than each of its completed runs."""
    drawn = _written(variant / LAST_PICTURE)
    folders = folder_names.run_folders(variant)
    newer = (folder for folder in folders if _written(folder / run_file.NAME) > drawn)
    return not any(record.completed for folder in newer if (record := read(folder)))


def _written(path: Path) -> int:
    """When a file was written, in ns; 0 where there is none."""
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0
