"""Runs whose worker died or whose job was lost, recorded by the process that notices it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from mnist_sweeps.config.schema import Config
from mnist_sweeps.runtime.messages import LOGGER
from mnist_sweeps.storage import run_digest, run_file, run_folder, variant_folder
from mnist_sweeps.storage.run_lock import RunLocked, lock_run
from mnist_sweeps.storage.run_parts import RunError
from mnist_sweeps.storage.run_record import RunRecord


def record_killed(variant: Path, status: str, reason: str) -> None:
    """Writes a run.json for each run of a worker that died: begun, not published, and not locked any more.

    Args:
        variant: The variant's folder.
        status: How the run ended: `killed` or `timed_out`.
        reason: The message of its error.
    """
    for note in variant_folder.begun_notes(variant):
        try:
            with lock_run(note.parent):
                if run_folder.read(note.parent) is not None:  # its worker died right after publishing
                    note.unlink()
                    continue
                record = run_file.read_record(note)
                run_folder.publish(note.parent, replace(record, status=status, failure=_end(status, reason)), {})
        except (RunLocked, *run_file.UNREADABLE) as error:
            LOGGER.warning(f"{note.parent}: not recorded as {status} ({error!r}); it reads as killed")


def record_lost(variant: Path, config: Config, names: Mapping[str, str], status: str, reason: str) -> None:
    """Writes a run.json for each run that a job had not begun when it was lost.

    Args:
        variant: The variant's folder.
        config: It says which runs are the variant's.
        names: Of its `sweep` and `variant`.
        status: How the runs ended: `killed`, `timed_out` or `failed`.
        reason: The message of their errors.
    """
    for run in variant_folder.unfinished(config, variant):
        folder = run_folder.folder_of(variant, run)
        if run_folder.read(folder) is None and not (folder / run_folder.BEGUN).exists():
            folder.mkdir(parents=True, exist_ok=True)
            digest = run_digest.digest(config, run)
            record = RunRecord(status, *run, digest, names["sweep"], names["variant"], failure=_end(status, reason))
            run_folder.publish(folder, record, {})


def _end(status: str, reason: str) -> RunError:
    """The error of a run that its worker could not end itself."""
    return RunError(status.capitalize(), reason)
