"""The run folder: begun, published, read back. A run counts once its run.json is there."""

from __future__ import annotations

import io
import shutil
import zlib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mnist_sweeps.config.schema import RunKey
from mnist_sweeps.storage import atomic, folder_names, run_file
from mnist_sweeps.storage.claim_file import is_claim
from mnist_sweeps.storage.read_runs import HISTORY
from mnist_sweeps.storage.run_lock import is_locked, lock_run
from mnist_sweeps.storage.run_record import RunRecord
from mnist_sweeps.storage.schema_version import NewerSchema

BEGUN = ".begun.json"  # what is known of a run while it is trained
MODEL = "model.keras"
STATE = "state"  # of a training after its last epoch, in state.npz
NOT_NEEDED = (MODEL, f"{STATE}.npz")  # a person may delete them


def folder_of(variant: Path, run: RunKey) -> Path:
    """The folder of a run.

    Args:
        variant: The folder of its variant.
        run: Its seed and fold.
    """
    return variant / folder_names.run_folder_name(run)


def begin(folder: Path, record: RunRecord) -> None:
    """Empties a locked folder of what a killed run left there, notes what is trained, and starts its history.

    Args:
        folder: The run's folder.
        record: What is known of the run before its training.
    """
    empty(folder)
    atomic.write(folder / BEGUN, run_file.json_text(record))
    (folder / "history.csv").write_text(",".join(HISTORY) + "\n")


def empty(folder: Path) -> None:
    """Removes what is in a locked folder, except claims on it."""
    for path in folder.iterdir():
        if is_claim(path.name):
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()


def append_epoch(folder: Path, epoch: int, logs: Mapping[str, float]) -> None:
    """Adds a line to history.csv: no times, so that the same run gives the same bytes.

    Args:
        folder: The run's folder.
        epoch: Its number, from 1.
        logs: Metrics by name, as Keras has them.
    """
    values = [repr(float(logs[key])) if key in logs else "" for key in HISTORY[1:]]
    with (folder / "history.csv").open("a") as file:
        file.write(",".join([str(epoch), *values]) + "\n")


def publish(folder: Path, record: RunRecord, arrays: Mapping[str, Mapping[str, NDArray[Any]]]) -> None:
    """Writes the arrays of a run, then its run.json, each atomically: from then on the run counts.

    Args:
        folder: The run's folder.
        record: The run; its `files` become the CRC-32 of every other file in the folder.
        arrays: `{"weights": {...}}` is written as weights.npz.

    Raises:
        OSError: As `atomic.write` does.
    """
    for name, content in arrays.items():
        buffer = io.BytesIO()
        np.savez_compressed(buffer, allow_pickle=False, **content)
        atomic.write(folder / f"{name}.npz", buffer.getvalue())
    files = sorted(path for path in folder.glob("[!.]*") if path.name != run_file.NAME)
    for path in files:
        atomic.sync(path)  # run.json must not outlive what it vouches for
    record = replace(record, files={path.name: zlib.crc32(path.read_bytes()) for path in files})
    run_file.write_run(folder, record)
    settle(folder)


def settle(folder: Path) -> None:
    """Makes a run that has its run.json durable, and removes the note that it is under way."""
    for above in folder.parents[:4]:  # the names of the folders of run, variant, sweep and outputs are to last, too
        atomic.sync(above)
    (folder / BEGUN).unlink(missing_ok=True)


def copy(source: Path, target: Path) -> None:
    """Copies a completed run to another folder, where it counts once its run.json is there.

    Args:
        source: The run's folder.
        target: The new one, made where it is missing.

    Raises:
        RunLocked: Another process is training in `target`.
        OSError: As `atomic.write` does.
    """
    with lock_run(target):
        for path in sorted(source.iterdir(), key=lambda path: path.name == run_file.NAME):
            atomic.write(target / path.name, path.read_bytes())
        settle(target)


def damaged(folder: Path) -> list[str]:
    """Names of a run's files that differ from what was written; a model or state that was deleted does not count."""
    if (record := read(folder)) is None:
        return [run_file.NAME] if (folder / run_file.NAME).exists() else []
    return _changed(folder, record)


def _changed(folder: Path, record: RunRecord) -> list[str]:
    return [
        name
        for name, checksum in (record.files or {}).items()
        if _checksum(folder / name) != checksum and (name not in NOT_NEEDED or (folder / name).exists())
    ]


def _checksum(path: Path) -> int | None:
    """CRC-32 of the file's bytes; None where it cannot be read."""
    try:
        return zlib.crc32(path.read_bytes())
    except OSError:
        return None


def read(folder: Path) -> RunRecord | None:
    """The run's record, or None where there is no readable one.

    Raises:
        NewerSchema: A newer version of the package wrote it.
    """
    try:
        record = run_file.read_record(folder / run_file.NAME)
    except NewerSchema:
        raise
    except run_file.UNREADABLE:
        return None
    return None if record.digest is None or record.files is None else record


def completed(folder: Path, digest: str) -> bool:
    """Whether a run has been trained to its end, and all its files are as they were written.

    Args:
        folder: The run's folder.
        digest: Of the run that should be there.
    """
    record = read(folder)
    return record is not None and record.completed and record.digest == digest and not _changed(folder, record)


def run_state(folder: Path) -> str:
    """In words: the status of its record; else `running, epoch 7`, `killed` (begun, but not locked), or `not begun`."""
    if (record := read(folder)) is not None:
        return record.status
    if not folder.is_dir():
        return "not begun"
    return f"running, epoch {epochs_run(folder)}" if is_locked(folder) else "killed"


def epochs_run(folder: Path) -> int:
    """Finished epochs of a run under way, by the lines of its history."""
    try:
        return max((folder / "history.csv").read_bytes().count(b"\n") - 1, 0)
    except OSError:
        return 0
