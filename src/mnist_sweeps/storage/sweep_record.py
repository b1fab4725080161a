"""The plan of a sweep: its sweep.yaml, read back."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from mnist_sweeps.config.claim_spec import Claim, parse_claim
from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.config.schema import RunKey, run_keys

# libyaml reads the plan of a 300-row sweep ten times faster; PyYAML may be built without it.
Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class VariantRecord:
    """One row as it was planned; `folder` is the name of its folder, `changes` against `compared_with`."""

    name: str
    folder: str
    seeds: tuple[int, ...]
    folds: int | None
    compared_with: str | None
    changes: tuple[str, ...]
    same_as: str | None

    @property
    def runs(self) -> list[RunKey]:
        """Every training that was planned."""
        return run_keys(self.seeds, self.folds)


@dataclass(frozen=True)
class SearchRecord:
    """How the rows of a search came about.

    `winner` is the trial that `winner` trains anew, with `overrides`; `importances` are shares of what decides the
    score.
    """

    sampler: str
    seed: int
    trials: int
    space: tuple[str, ...]
    drawn: int
    winner: str | None
    overrides: str
    importances: dict[str, float]
    pruner: str | None = None


@dataclass(frozen=True)
class SweepRecord:
    """What a sweep asks; `margin` is a fraction (0.002 for 0.2 pp), `reference` is row -> column -> value.

    `order` is how its rows are shown: as in the `file`, or by `rank`.
    """

    sweep: str
    question: str | None
    command: str | None
    made: str | None
    data: str | None
    baseline: str | None
    margin: float
    order: str
    variants: tuple[VariantRecord, ...]
    reference: dict[str, dict[str, float]]
    claims: tuple[Claim, ...] = ()
    search: SearchRecord | None = None


def read_sweep_record(folder: Path) -> SweepRecord:
    """The plan in `folder`/sweep.yaml.

    Raises:
        FileNotFoundError: There is no sweep.yaml in `folder`.
        ValueError: The file is no plan of a sweep.
    """
    path = folder / "sweep.yaml"
    if not path.is_file():
        raise FileNotFoundError(f"{folder} has no sweep.yaml: expected a sweep's folder, like outputs/NAME")
    try:
        return _plan(yaml.load(path.read_text(encoding="utf-8"), Loader=Loader), folder)
    except (yaml.YAMLError, ConfigError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise ValueError(f"{path} is not the plan of a sweep: {type(error).__name__}: {error}") from error


def _plan(written: dict[str, Any], folder: Path) -> SweepRecord:
    return SweepRecord(
        sweep=str(written.get("sweep") or folder.resolve().name),
        question=_text(written.get("question")),
        command=_text(written.get("command")),
        made=_text(written.get("made")),
        data=_text(written.get("data")),
        baseline=_text(written.get("baseline")),
        margin=float(written.get("margin") or 0.2) / 100,
        order=str(written.get("order") or "file"),
        variants=tuple(_variant(variant) for variant in written["variants"]),
        reference=_reference(written.get("reference") or {"columns": [], "rows": {}}),
        claims=tuple(parse_claim(one, "claims") for one in written.get("claims") or ()),
        search=_search(written["search"]) if written.get("search") else None,
    )


def _variant(written: dict[str, Any]) -> VariantRecord:
    return VariantRecord(
        name=str(written["name"]),
        folder=str(written["folder"]),
        seeds=tuple(int(seed) for seed in written["seeds"]),
        folds=int(written["folds"]) if written.get("folds") else None,
        compared_with=_text(written.get("compared_with")),
        changes=tuple(str(change) for change in written.get("changes") or ()),
        same_as=_text(written.get("same_as")),
    )


def _search(written: dict[str, Any]) -> SearchRecord:
    winner = written.get("winner") or {}
    return SearchRecord(
        sampler=str(written["sampler"]),
        seed=int(written["seed"]),
        trials=int(written["trials"]),
        space=tuple(map(str, written["space"])),
        drawn=len(written["drawn"]),
        winner=_text(winner.get("trial")),
        overrides=", ".join(f"{key}={value}" for key, value in (winner.get("overrides") or {}).items()),
        importances={str(key): float(share) for key, share in (written.get("importances") or {}).items()},
        pruner=_text(written.get("pruner")),
    )


def _reference(written: dict[str, Any]) -> dict[str, dict[str, float]]:
    columns = written["columns"]
    return {
        str(row): {column: float(value) for column, value in zip(columns, values, strict=True) if value is not None}
        for row, values in written["rows"].items()
    }


def _text(value: object) -> str | None:
    return None if value is None else str(value)
