"""The content of sweep.yaml as plain data, made of a record and read back; `sweep_file` has the file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from mnist_sweeps.config.claim_spec import claim_to_yaml, parse_claim
from mnist_sweeps.config.sweep_spec import Sweep
from mnist_sweeps.config.until_decided import UntilDecided
from mnist_sweeps.runtime.device import Machine
from mnist_sweeps.storage import schema_version
from mnist_sweeps.storage.sweep_record import SearchRecord, SweepRecord, VariantRecord

SCHEMA_VERSION = 2
PLAIN_VERSION = 1  # of sweeps that are tested once: older versions of the package judge them in the same way


def content_of(record: SweepRecord) -> dict[str, Any]:
    """What sweep.yaml holds, in the order of its lines."""
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


def parse(content: Mapping[str, Any], folder: Path) -> SweepRecord:
    """The sweep that the content of a sweep.yaml describes.

    Args:
        content: As YAML is read.
        folder: The sweep's folder, by whose name sweeps of the first versions are called.

    Raises:
        KeyError, TypeError, ValueError, AttributeError, ConfigError: It does not describe a sweep.
    """
    reference = content.get("reference") or {"columns": [], "rows": {}}
    return SweepRecord(
        sweep=str(content.get("sweep") or folder.resolve().name),
        question=_text(content.get("question")),
        command=_text(content.get("command")),
        made=_text(content.get("made")),
        machine=_machine(content.get("machine")),
        data=_text(content.get("data")),
        baseline=_text(content.get("baseline")),
        margin_points=float(Sweep.margin if content.get("margin") is None else content["margin"]),
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
