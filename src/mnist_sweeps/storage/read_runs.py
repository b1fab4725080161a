"""The runs of a variant with their histories, and what could not be read."""

import csv
import json
from dataclasses import dataclass, replace
from pathlib import Path

from mnist_sweeps.storage.folder_names import run_folders
from mnist_sweeps.storage.run_file import NAME, UNREADABLE, read_run
from mnist_sweeps.storage.run_record import RunRecord
from mnist_sweeps.storage.schema_version import NewerSchema

HISTORY = ("epoch", "loss", "accuracy", "val_loss", "val_accuracy")  # columns of history.csv


@dataclass(frozen=True)
class VariantRuns:
    """The runs of one variant, by seed and fold.

    `unfinished` names the folders without run.json, `strays` those of seeds and folds that the sweep does not have (any
    more), `complaints` the files that could not be read, each with the reason.
    """

    readable: tuple[RunRecord, ...] = ()
    unfinished: tuple[str, ...] = ()
    strays: tuple[str, ...] = ()
    complaints: tuple[str, ...] = ()


def read_runs(folder: Path) -> VariantRuns:
    """The runs below a variant's `folder`; none where it does not exist. Never raises for a broken run."""
    readable, unfinished, complaints = [], [], []
    for path in run_folders(folder):
        try:
            run, complaint = _with_history(path, read_run(path))
        except FileNotFoundError:
            unfinished.append(path.name)
        except UNREADABLE as error:
            complaints.append(f"{path.name}/{NAME} ({_reason(error)})")
        else:
            readable.append(run)
            complaints += complaint
    return VariantRuns(tuple(readable), tuple(unfinished), complaints=tuple(complaints))


def read_history(path: Path) -> tuple[tuple[float | None, ...], ...]:
    """The epochs of a history.csv, each in the order of `HISTORY`.

    Raises:
        OSError: There is no such file.
        ValueError: The file is not whole.
    """
    with path.open(newline="", encoding="utf-8") as file:
        header, *lines = csv.reader(file)
    if set(header) != set(HISTORY) or any(len(line) != len(header) for line in lines):
        raise ValueError(f"expected whole lines of {','.join(HISTORY)}")
    order = [header.index(column) for column in HISTORY]
    return tuple(tuple(float(line[i]) if line[i] else None for i in order) for line in lines)


def _with_history(path: Path, run: RunRecord) -> tuple[RunRecord, list[str]]:
    """The run with its epochs, or without them and with a complaint where a completed run should have them."""
    try:
        epochs = read_history(path / "history.csv")
    except UNREADABLE as error:
        return run, [f"{path.name}/history.csv ({_reason(error)})"] if run.completed else []
    return replace(run, history=epochs), []


def _reason(error: Exception) -> str:
    """Why a file could not be read, without its path."""
    if isinstance(error, json.JSONDecodeError):
        return "cut short or not JSON"
    if isinstance(error, NewerSchema):
        return str(error).partition(": ")[2]
    if isinstance(error, OSError):
        return error.strerror or type(error).__name__
    return f"{type(error).__name__}: {error}"
