"""sweep.yaml, read and written: with the run folders, all that a report needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from mnist_sweeps.config.claim_spec import claim_to_yaml, parse_claim
from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.config.until_decided import UntilDecided
from mnist_sweeps.runtime.device import Machine
from mnist_sweeps.storage import atomic, schema_version
from mnist_sweeps.storage.run_record import UNREADABLE
from mnist_sweeps.storage.schema_version import NewerSchema
from mnist_sweeps.storage.sweep_record import SearchRecord, SweepRecord, VariantRecord

NAME = "sweep.yaml"
SCHEMA_VERSION = 2
PLAIN_VERSION = 1  # of sweeps that are tested once: older versions of the package judge them in the same way
# Lines that say when and how the file was written, not what the sweep is.
NOT_COMPARED = ("made:", "command:", f"{schema_version.KEY}:")
# libyaml reads the file of a sweep of 300 variants ten times faster; PyYAML may be built without it.
Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _WithoutAliases(yaml.SafeDumper):
    """Repeats a list instead of pointing to it: the same settings stand in several places."""

    def ignore_aliases(self, data: Any) -> bool:
        """Always."""
        return True


def read_sweep_file(folder: Path) -> SweepRecord:
    """The sweep of `folder`/sweep.yaml.

    Raises:
        FileNotFoundError: There is no sweep.yaml in `folder`.
        NewerSchema: A newer version of the package wrote the file.
        ValueError: The file does not describe a sweep.
    """
    path = folder / NAME
    if not path.is_file():
        raise FileNotFoundError(f"{folder} has no sweep.yaml: expected a sweep's folder, like outputs/NAME")
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=Loader)
        schema_version.require_known(content, SCHEMA_VERSION, path)
        return _parse(content, folder)
    except NewerSchema:
        raise
    except (yaml.YAMLError, ConfigError, *UNREADABLE) as error:
        raise ValueError(f"{path} is not the plan of a sweep: {type(error).__name__}: {_line(error)}") from error


def variant_name(folder: Path) -> str:
    """The name of the variant whose folder this is; the folder's name where sweep.yaml is missing.

    A worker reads the file once for all of its jobs: reading takes 0.5 ms a variant.

    Raises:
        ValueError: sweep.yaml does not describe a sweep.
    """
    try:
        version = (folder.parent / NAME).stat()
    except FileNotFoundError:
        return folder.name
    return _variant_names(folder.parent, version.st_ino, version.st_mtime_ns)[folder.name]


@lru_cache(maxsize=1)
def _variant_names(folder: Path, *_version: int) -> dict[str, str]:
    """The names of a sweep's variants by their folders."""
    return {variant.folder: variant.name for variant in read_sweep_file(folder).variants}


def write_sweep_file(record: SweepRecord, folder: Path) -> bool:
    """Writes `folder`/sweep.yaml.

    Args:
        record: The sweep.
        folder: The sweep's folder, made where it is missing.

    Returns:
        False where the folder has the same sweep.yaml already, whenever it was made; it is left as it is.

    Raises:
        ConfigError: A text of the sweep is not Unicode, so that nothing could read the file.
        OSError: As `atomic.write` does.
    """
    path = folder / NAME
    text = yaml.dump(_content(record), Dumper=_WithoutAliases, sort_keys=False, allow_unicode=True, width=1000)
    try:
        yaml.load(text, Loader=Loader)
    except yaml.YAMLError as error:
        raise ConfigError(f"sweep={record.sweep}: a name or text in it is not Unicode: {_line(error)}") from error
    if _holds(path, text):
        return False
    folder.mkdir(parents=True, exist_ok=True)
    atomic.write(path, text)
    return True


def _line(error: Exception) -> str:
    """The message of an error as one line."""
    return " ".join(str(error).split())


def _holds(path: Path, text: str) -> bool:
    """Whether the file is the plan of a sweep, and has the lines of `text` apart from `NOT_COMPARED`."""
    try:
        read_sweep_file(path.parent)
        return _compared_lines(path.read_text(encoding="utf-8")) == _compared_lines(text)
    except (OSError, ValueError):  # it is missing or damaged
        return False


def _compared_lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if not line.startswith(NOT_COMPARED)]


def _content(record: SweepRecord) -> dict[str, Any]:
    return {
        schema_version.KEY: SCHEMA_VERSION if record.looks > 1 or record.dropped else PLAIN_VERSION,
        "sweep": record.sweep,
        "question": record.question,
        "command": record.command,
        "made": record.made,
        "machine": asdict(record.machine) if record.machine else None,
        "baseline": record.baseline,
        "margin": record.margin_points,
        "order": record.order,
        **({"until_decided": asdict(record.until)} if record.until else {}),
        **({"extended": list(record.extended)} if record.extended else {}),
        **({"dropped": [_variant_content(variant) for variant in record.dropped]} if record.dropped else {}),
        "compare": dict(record.compare),
        "variants": [_variant_content(variant) for variant in record.variants],
        "search": _search_content(record.search) if record.search else None,
        "reference": _reference_content(record) if record.reference else None,
        "claims": [claim_to_yaml(claim) for claim in record.claims] or None,
    }


def _variant_content(variant: VariantRecord) -> dict[str, Any]:
    return {
        "name": variant.name,
        "folder": variant.folder,
        "overrides": dict(variant.overrides),
        "seeds": list(variant.seeds),
        "folds": variant.folds,
        "compared_with": variant.compared_with,
        "changes": list(variant.changes),
        "same_as": variant.same_as,
    }


def _search_content(search: SearchRecord) -> dict[str, Any]:
    winner = {"trial": search.winner, "overrides": search.winner_settings}
    return {
        "sampler": search.sampler,
        "seed": search.seed,
        **({"pruner": search.pruner, "floors": list(search.floors)} if search.pruner else {}),
        **({"asynchronous": True, "running": list(search.running)} if search.asynchronous else {}),
        "trials": search.trials,
        "space": dict(search.space),
        "drawn": [dict(settings) for settings in search.drawn],
        "winner": None if search.winner is None else winner,
        "scores": list(search.scores),
        "importances": dict(search.importances),
        **({"importance_intervals": _intervals_content(search)} if search.importance_intervals else {}),
    }


def _intervals_content(search: SearchRecord) -> dict[str, list[float]]:
    return {key: list(ends) for key, ends in search.importance_intervals.items()}


def _reference_content(record: SweepRecord) -> dict[str, Any]:
    columns = record.reference_columns
    rows = {name: [values.get(column) for column in columns] for name, values in record.reference.items()}
    return {"columns": list(columns), "rows": rows}


def _parse(content: Mapping[str, Any], folder: Path) -> SweepRecord:
    reference = content.get("reference") or {"columns": [], "rows": {}}
    return SweepRecord(
        sweep=str(content.get("sweep") or folder.resolve().name),
        question=_text(content.get("question")),
        command=_text(content.get("command")),
        made=_text(content.get("made")),
        machine=_machine(content.get("machine")),
        data=_text(content.get("data")),
        baseline=_text(content.get("baseline")),
        margin_points=float(content.get("margin") or 0.2),
        order=str(content.get("order") or "file"),
        compare=dict(content.get("compare") or {}),
        variants=tuple(_variant(variant) for variant in content["variants"]),
        reference_columns=tuple(reference["columns"]),
        reference=_reference(reference),
        claims=tuple(parse_claim(claim, "claims") for claim in content.get("claims") or ()),
        search=_search(content["search"]) if content.get("search") else None,
        until=UntilDecided(**content["until_decided"]) if content.get("until_decided") else None,
        extended=tuple(int(count) for count in content.get("extended") or ()),
        dropped=tuple(_variant(variant) for variant in content.get("dropped") or ()),
    )


def _machine(content: object) -> Machine | None:
    """None where the file does not say it, or not in a way that this version knows: a report does not need it."""
    try:
        return Machine(**content) if isinstance(content, dict) else None
    except TypeError:
        return None


def _variant(content: Mapping[str, Any]) -> VariantRecord:
    return VariantRecord(
        name=str(content["name"]),
        folder=str(content["folder"]),
        overrides=dict(content.get("overrides") or {}),
        seeds=tuple(int(seed) for seed in content["seeds"]),
        folds=int(content["folds"]) if content.get("folds") else None,
        compared_with=_text(content.get("compared_with")),
        changes=tuple(str(change) for change in content.get("changes") or ()),
        same_as=_text(content.get("same_as")),
    )


def _search(content: Mapping[str, Any]) -> SearchRecord:
    winner = content.get("winner") or {}
    return SearchRecord(
        sampler=str(content["sampler"]),
        seed=int(content["seed"]),
        trials=int(content["trials"]),
        space=dict(content["space"]),
        drawn=tuple(content["drawn"]),
        pruner=_text(content.get("pruner")),
        floors=tuple(content.get("floors") or ()),
        asynchronous=bool(content.get("asynchronous", False)),
        running=tuple(content.get("running") or ()),
        winner=_text(winner.get("trial")),
        winner_settings=winner.get("overrides"),
        scores=tuple(content.get("scores") or ()),
        importances={str(key): float(share) for key, share in (content.get("importances") or {}).items()},
        importance_intervals={
            str(key): (float(low), float(high))
            for key, (low, high) in (content.get("importance_intervals") or {}).items()
        },
    )


def _reference(content: Mapping[str, Any]) -> dict[str, dict[str, float]]:
    columns = content["columns"]
    return {
        str(row): {column: float(value) for column, value in zip(columns, values, strict=True) if value is not None}
        for row, values in content["rows"].items()
    }


def _text(value: object) -> str | None:
    return None if value is None else str(value)
