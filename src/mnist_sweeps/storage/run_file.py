"""run.json, read and written: what is known of one training."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from mnist_sweeps.config.schema import RunKey
from mnist_sweeps.storage import atomic, folder_names, run_metrics, schema_version
from mnist_sweeps.storage.run_parts import ImageCounts, RunError, RunSeconds
from mnist_sweeps.storage.run_record import RunRecord

NAME = "run.json"
SCHEMA_VERSION = 1
# What reading a file that is missing, cut short, not ours or on a bad disk can raise.
UNREADABLE = (OSError, ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError)
OPTIONAL_COUNTS = ("fold", "classes", "largest_class")  # left out of run.json where they are not known


def json_text(record: RunRecord) -> str:
    """The text of run.json; what is not known (yet) is left out."""
    seconds = {key: value for key, value in asdict(record.duration or RunSeconds()).items() if value not in (None, ())}
    counts = {} if record.counts is None else asdict(record.counts)
    counts = {key: value for key, value in counts.items() if key not in OPTIONAL_COUNTS or value is not None}
    content = {
        "sweep": record.sweep,
        "variant": record.variant,
        "seed": record.seed,
        "fold": record.fold,
        "digest": record.digest,
        "config": record.config or None,
        "data": counts or None,
        "metrics": record.scores or None,
        "recall": record.recall or None,
        "parameters": record.parameter_counts or None,
        "multiplies": record.multiplies,
        "seconds": seconds or None,
        "effective": record.effective or None,
        "pruned_at": record.pruned_at,
        "time_limit_at": record.time_limit_at,
        "error": asdict(record.failure) if record.failure else None,
        "provenance": record.provenance or None,
        "files": record.files,
    }
    known = {key: value for key, value in content.items() if value is not None or key == "fold"}
    return json.dumps({schema_version.KEY: SCHEMA_VERSION, "status": record.status, **known}, indent=1) + "\n"


def write_run(folder: Path, record: RunRecord) -> None:
    """Writes run.json into a run's folder, atomically; from then on the run counts (see `run_folder.publish`).

    Args:
        folder: The run's folder.
        record: What its run.json holds.
    """
    atomic.write(folder / NAME, json_text(record))


def read_record(path: Path, key: RunKey | None = None) -> RunRecord:
    """The record in the file `path`.

    Args:
        path: A run.json, or the note of a run that is under way.
        key: Its seed and fold, where its folder's name tells them; else the file must.

    Raises:
        FileNotFoundError: There is no such file.
        NewerSchema: A newer version of the package wrote it.
        Exception: One of `UNREADABLE`, where the file is not whole.
    """
    content = json.loads(path.read_bytes())
    if not isinstance(content, dict):
        raise TypeError(f"expected an object, not {type(content).__name__}")
    schema_version.require_known(content, SCHEMA_VERSION, path)
    return _parse(content, key)


def read_run(folder: Path) -> RunRecord:
    """The run in `folder`, without its history, after its numbers are checked.

    Raises:
        FileNotFoundError: There is no run.json: the run is not finished, or was killed.
        Exception: One of `UNREADABLE`, where run.json is not whole or a number in it cannot be.
    """
    record = read_record(folder / NAME, folder_names.parse_run_folder(folder.name))
    if record.completed and not record.scores:
        raise KeyError("metrics")
    assert record.metrics is not None  # raises for an accuracy that is no fraction; and counts below 1:
    _ = record.n_train, record.n_test, record.n_fold, record.parameters, record.hidden, record.dropout
    pruned, limited = (run_metrics.count(epoch) for epoch in (record.pruned_at, record.time_limit_at))
    return replace(record, pruned_at=pruned, time_limit_at=limited)


def _parse(content: Mapping[str, Any], key: RunKey | None) -> RunRecord:
    counts, seconds, error = content.get("data"), content.get("seconds"), content.get("error")
    seed, fold = key or RunKey(int(content["seed"]), content.get("fold"))
    return RunRecord(
        status=str(content["status"]),
        seed=seed,
        fold=fold,
        digest=content.get("digest"),
        sweep=content.get("sweep"),
        variant=content.get("variant"),
        config=dict(content.get("config") or {}),
        counts=_counts(counts) if counts else None,
        scores=dict(content.get("metrics") or {}),
        recall=tuple(content.get("recall") or ()),
        parameter_counts=dict(content.get("parameters") or {}),
        multiplies=content.get("multiplies"),
        duration=_seconds(seconds) if seconds else None,
        effective=dict(content.get("effective") or {}),
        pruned_at=content.get("pruned_at"),
        time_limit_at=content.get("time_limit_at"),
        failure=_error(error) if error else None,
        provenance=dict(content.get("provenance") or {}),
        files=None if content.get("files") is None else dict(content["files"]),
    )


def _counts(content: Mapping[str, Any]) -> ImageCounts:
    keys = ("name", "train", "validation", "test", "description", "fold", "largest_class")
    known = {key: content.get(key) for key in keys}
    names = content.get("classes")
    classes = None if names is None else tuple(map(str, names))
    return ImageCounts(**known, validation_is=str(content.get("validation_is") or "none"), classes=classes)


def _seconds(content: Mapping[str, Any]) -> RunSeconds:
    return RunSeconds(content.get("train"), tuple(content.get("epochs") or ()), content.get("total"))


def _error(content: Mapping[str, Any]) -> RunError:
    return RunError(*(str(content.get(key) or "") for key in ("type", "message", "traceback")))
