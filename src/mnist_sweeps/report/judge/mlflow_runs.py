"""Runs of an MLflow store, a folder `mlruns` or an SQLite file, read without MLflow.

The formats are those of MLflow's `FileStore` (a file for each parameter, metric and tag) and of the tables `runs`,
`params`, `tags` and `latest_metrics` of its `SqlAlchemyStore`, as MLflow 3.17 writes them.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from mnist_sweeps.config.errors import ConfigError, nearest
from mnist_sweeps.report.judge.measured import varying
from mnist_sweeps.report.judge.measured_run import MeasuredRun

FINISHED = (3, "3", "FINISHED")  # as the two stores write it
PARENT = "mlflow.parentRunId"  # the tag of a child run
SQLITE = b"SQLite format 3\x00"


@dataclass(frozen=True)
class _Run:
    experiment: str
    name: str
    finished: bool
    params: dict[str, str]
    value: float | None


def is_store(path: Path) -> bool:
    """Whether a folder or file is a store of MLflow."""
    if path.is_dir():
        return any(path.glob("*/*/params"))
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(len(SQLITE)) == SQLITE


def read_mlflow(path: Path, metric: str, experiment: str | None, variant: str | None, seed: str) -> list[MeasuredRun]:
    """The runs of an experiment; those that are not finished have no value.

    Deleted runs are left out, and parents of others, which stand for a sweep.

    Args:
        path: The folder or file.
        metric: Its last value counts.
        experiment: Its name; None where the store has a single one with runs.
        variant: The parameter that names the variant; None for all that differ between the runs.
        seed: The parameter that is the seed; a run without it has its own name instead.

    Raises:
        ConfigError: The store cannot be read, or it does not say which experiment is meant.
    """
    try:
        runs = list(_files(path, metric) if path.is_dir() else _rows(path, metric))
    except (OSError, ValueError, KeyError, yaml.YAMLError, sqlite3.Error) as error:
        raise ConfigError(f"{path}: {' '.join(str(error).split())}") from error
    names = list(dict.fromkeys(run.experiment for run in runs))
    if experiment is None and len(names) > 1:
        raise ConfigError(f"{path}: --experiment is needed, one of {', '.join(names)}")
    if experiment is not None and experiment not in names:
        raise ConfigError(f"{path}: --experiment {experiment}: not there; {nearest(experiment, names)}")
    runs = [run for run in runs if experiment in (None, run.experiment)]
    variants = (
        varying([run.params for run in runs], seed)
        if variant is None
        else [run.params.get(variant, "") for run in runs]
    )
    return [
        MeasuredRun(name, run.params.get(seed, run.name), run.value if run.finished else None)
        for run, name in zip(runs, variants, strict=True)
    ]


def _files(store: Path, metric: str) -> Iterator[_Run]:
    parents = {path.read_text(encoding="utf-8").strip() for path in store.glob(f"*/*/tags/{PARENT}")}
    metas = [(_yaml(path.parent / "meta.yaml"), path.parent) for path in store.glob("*/*/params")]
    for meta, folder in sorted(metas, key=lambda pair: (pair[0].get("start_time") or 0, pair[1].name)):
        if meta.get("lifecycle_stage") == "deleted" or folder.name in parents:
            continue
        about = folder.parent / "meta.yaml"
        experiment = _yaml(about)["name"] if about.exists() else folder.parent.name
        params = {
            path.relative_to(folder / "params").as_posix(): path.read_text(encoding="utf-8")
            for path in sorted((folder / "params").rglob("*"))
            if path.is_file()
        }
        path = folder / "metrics" / metric
        points = [line.split() for line in path.read_text().splitlines() if line] if path.is_file() else []
        # timestamp, value, step; the latest is that of the last step
        last = max(points, key=lambda point: (int(point[2]), int(point[0])), default=None)
        value = float(last[1]) if last else None
        yield _Run(str(experiment), folder.name, meta.get("status") in FINISHED, params, value)


def _yaml(path: Path) -> dict[str, Any]:
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    if not isinstance(content, dict):
        raise ValueError(f"{path.name} is no description of MLflow")
    return content


def _rows(store: Path, metric: str) -> Iterator[_Run]:
    with closing(sqlite3.connect(f"{store.absolute().as_uri()}?mode=ro", uri=True)) as database:
        names = dict(database.execute("SELECT experiment_id, name FROM experiments"))
        values = dict(
            database.execute("SELECT run_uuid, value FROM latest_metrics WHERE key = ? AND NOT is_nan", (metric,))
        )
        params: dict[str, dict[str, str]] = {}
        for run, key, value in database.execute("SELECT run_uuid, key, value FROM params ORDER BY key"):
            params.setdefault(run, {})[key] = value
        parents = {run for (run,) in database.execute("SELECT value FROM tags WHERE key = ?", (PARENT,))}
        active = "lifecycle_stage = 'active' ORDER BY start_time, run_uuid"
        query = f"SELECT run_uuid, experiment_id, status FROM runs WHERE {active}"
        for run, experiment, status in database.execute(query):
            if run in parents:
                continue
            yield _Run(str(names[experiment]), run, status in FINISHED, params.get(run, {}), values.get(run))
