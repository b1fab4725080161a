"""The run folder: claim, digest, publish, read back. A run counts once its run.json is there."""

from __future__ import annotations

import fcntl
import io
import os
import sys
import time
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mnist_sweeps.config.schema import Config, RunKey
from mnist_sweeps.storage import atomic, folder_names, run_digest, run_record
from mnist_sweeps.storage.read_runs import HISTORY
from mnist_sweeps.storage.run_record import RunError, RunRecord
from mnist_sweeps.storage.schema_version import NewerSchema

BEGUN = ".begun.json"  # what is known of a run while it is trained
MODEL = "model.keras"
LAST_PICTURE = "figures/curves.png"  # a job draws it after all others
PATIENCE = 0.5  # seconds: `status` holds a folder for an instant, to see whether anybody else does


class Claimed(Exception):
    """Another process is training this run right now."""


def folder_of(variant: Path, run: RunKey) -> Path:
    """Where a run lies."""
    return variant / folder_names.run_folder_name(run)


@contextmanager
def claim(folder: Path, patience: float = PATIENCE) -> Iterator[None]:
    """Holds the run's folder; the kernel lets go when this process dies, so no lock is ever left behind.

    Raises:
        Claimed: another process holds it, for `patience` seconds already.
    """
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        until = time.monotonic() + patience
        while not _locked(descriptor):
            if time.monotonic() >= until:
                raise Claimed(str(folder))
            time.sleep(0.02)
        yield
    finally:
        os.close(descriptor)


def _locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def begin(folder: Path, record: RunRecord) -> None:
    """Empties a claimed folder of what a killed run left, notes what is begun, and starts its history."""
    for left in folder.iterdir():
        left.unlink()
    atomic.write(folder / BEGUN, record.to_json())
    (folder / "history.csv").write_text(",".join(HISTORY) + "\n")


def append_epoch(folder: Path, epoch: int, logs: Mapping[str, float]) -> None:
    """Adds a line to history.csv: no times, so that the same run gives the same bytes."""
    values = [repr(float(logs[key])) if key in logs else "" for key in HISTORY[1:]]
    with (folder / "history.csv").open("a") as file:
        file.write(",".join([str(epoch), *values]) + "\n")


def publish(folder: Path, record: RunRecord, arrays: Mapping[str, Mapping[str, NDArray[Any]]]) -> None:
    """Makes the run count: its arrays (`{"weights": {...}}` as weights.npz), then run.json, each written atomically.

    run.json keeps the CRC-32 of every other file of the run, as `files`.
    """
    for name, content in arrays.items():
        buffer = io.BytesIO()
        np.savez_compressed(buffer, allow_pickle=False, **content)
        atomic.write(folder / f"{name}.npz", buffer.getvalue())
    files = sorted(path for path in folder.glob("[!.]*") if path.name != run_record.NAME)
    for path in files:
        atomic.sync(path)  # run.json must not outlive what it vouches for
    record = replace(record, files={path.name: zlib.crc32(path.read_bytes()) for path in files})
    atomic.write(folder / run_record.NAME, record.to_json())
    (folder / BEGUN).unlink(missing_ok=True)


def damaged(folder: Path) -> list[str]:
    """Names of a run's files that are not as they were written; a model that was deleted is none of them."""
    if (record := read(folder)) is None:
        return [run_record.NAME] if (folder / run_record.NAME).exists() else []
    return _changed(folder, record)


def _changed(folder: Path, record: RunRecord) -> list[str]:
    return [
        name
        for name, checksum in (record.files or {}).items()
        if _checksum(folder / name) != checksum and (name != MODEL or (folder / name).exists())
    ]


def _checksum(path: Path) -> int | None:
    """CRC-32 of the file's bytes; None where it cannot be read."""
    try:
        return zlib.crc32(path.read_bytes())
    except OSError:
        return None


def record_killed(variant: Path, status: str, reason: str) -> None:
    """Gives each run of a dead worker, begun and held by nobody, a run.json that says how it ended."""
    for begun in begun_notes(variant):
        try:
            with claim(begun.parent):
                if read(begun.parent) is not None:  # it died in the moment after
                    begun.unlink()
                    continue
                record = run_record.read_record(begun)
                publish(begun.parent, replace(record, status=status, failure=_end(status, reason)), {})
        except (Claimed, *run_record.UNREADABLE) as error:
            print(f"{begun.parent}: not recorded as {status} ({error!r}); it reads as killed", file=sys.stderr)


def record_lost(variant: Path, config: Config, names: Mapping[str, str], status: str, reason: str) -> None:
    """Gives each run of a job that was lost before it began them a run.json; `names` are its sweep and variant."""
    for run in unfinished(config, variant):
        folder = folder_of(variant, run)
        if read(folder) is None and not (folder / BEGUN).exists():
            folder.mkdir(parents=True, exist_ok=True)
            digest = run_digest.digest(config, run)
            failure = _end(status, reason)
            publish(folder, RunRecord(status, *run, digest, names["sweep"], names["variant"], failure=failure), {})


def begun_notes(variant: Path) -> list[Path]:
    """The notes of runs in a variant's folder that are under way, or whose process was killed."""
    return [note for folder in folder_names.run_folders(variant) if (note := folder / BEGUN).exists()]


def _end(status: str, reason: str) -> RunError:
    """The error of a run that its worker could not end itself."""
    return RunError(status.capitalize(), reason)


def read(folder: Path) -> RunRecord | None:
    """The run's record, or None where there is no readable one.

    Raises:
        NewerSchema: A newer version of the package wrote it.
    """
    try:
        record = run_record.read_record(folder / run_record.NAME)
    except NewerSchema:
        raise
    except run_record.UNREADABLE:
        return None
    return None if record.digest is None or record.files is None else record


def read_all(variant: Path) -> dict[Path, RunRecord]:
    """The readable records in a variant's folder, by the folders of their runs."""
    return {folder: record for folder in folder_names.run_folders(variant) if (record := read(folder))}


def completed(folder: Path, digest: str) -> bool:
    """Whether this very run has been trained to its end, and all its files are whole."""
    record = read(folder)
    return record is not None and record.completed and record.digest == digest and not _changed(folder, record)


def unfinished(config: Config, folder: Path) -> list[RunKey]:
    """The runs that have not been trained to their end."""
    return [run for run in config.runs if not completed(folder_of(folder, run), run_digest.digest(config, run))]


def is_complete(config: Config, folder: Path) -> bool:
    """Whether nothing is left to do for a variant: each run is there, and the last of its pictures."""
    return not unfinished(config, folder) and (folder / LAST_PICTURE).exists()


def best_model(variant: Path) -> Path | None:
    """The folder of the best run by validation accuracy among those whose models are kept; None without any."""
    scores = {folder: score(record) for folder, record in read_all(variant).items() if (folder / MODEL).exists()}
    return max(sorted(scores), key=scores.__getitem__) if scores else None


def score(record: RunRecord) -> float:
    """Its validation accuracy, or 0 where there is none to choose by."""
    return record.validation_accuracy or 0.0


def mean_validation_accuracy(config: Config, folder: Path) -> float:
    """Over the completed runs of the config; nan where there are none, or nothing was held out."""
    records = [read(folder_of(folder, run)) for run in config.runs]
    values = [record.validation_accuracy for record in records if record and record.completed]
    return float(np.mean([np.nan if value is None else value for value in values])) if values else float("nan")


def run_state(folder: Path) -> str:
    """In words: a record's status; `running, epoch 7`; `killed` where nobody holds what was begun; `not begun`."""
    if (record := read(folder)) is not None:
        return record.status
    if not folder.is_dir():
        return "not begun"
    try:
        with claim(folder, patience=0):
            return "killed"
    except Claimed:
        return f"running, epoch {epochs_run(folder)}"


def epochs_run(folder: Path) -> int:
    """Finished epochs of a run under way, by the lines of its history."""
    try:
        return max((folder / "history.csv").read_bytes().count(b"\n") - 1, 0)
    except OSError:
        return 0
