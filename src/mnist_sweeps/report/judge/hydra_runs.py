"""Runs of a Hydra multirun folder: one folder a job, with .hydra/overrides.yaml and a file of metrics."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import yaml

from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.report.judge.measured import varying
from mnist_sweeps.report.judge.measured_run import MeasuredRun

OVERRIDES = Path(".hydra") / "overrides.yaml"


def is_multirun(folder: Path) -> bool:
    """Whether a job of a multirun is in the folder."""
    return any(folder.glob(f"*/{OVERRIDES}"))


def read_hydra(folder: Path, metric: str, file: str, variant: str | None, seed: str) -> list[MeasuredRun]:
    """The runs of the jobs, in the order of their numbers; a job without the file has no value.

    Args:
        folder: The multirun folder.
        metric: A key of the file of metrics; `a.b` is b inside of a.
        file: Its name in the folder of a job: JSON, YAML, or CSV, of which the last line counts.
        variant: The override that names the variant; None for all that differ between the jobs.
        seed: The override that is the seed.

    Raises:
        ConfigError: A file cannot be read, or has no such number.
    """
    jobs = sorted((path.parent.parent for path in folder.glob(f"*/{OVERRIDES}")), key=_place)
    settings = [_overrides(job / OVERRIDES) for job in jobs]
    names = varying(settings, seed) if variant is None else [of.get(variant, "") for of in settings]
    return [
        MeasuredRun(name, of.get(seed, job.name), _value(job / file, metric))
        for job, of, name in zip(jobs, settings, names, strict=True)
    ]


def _place(job: Path) -> tuple[int, str]:
    return (int(job.name), "") if job.name.isdecimal() else (10**9, job.name)


def _overrides(path: Path) -> dict[str, str]:
    content = _parsed(path)
    if not isinstance(content, list):
        raise ConfigError(f"{path}: expected a list of overrides")
    pairs = (str(override).lstrip("+~").partition("=") for override in content)
    return {key: value for key, _, value in pairs}


def _value(path: Path, metric: str) -> float | None:
    if not path.exists():
        return None
    content = _parsed(path)
    for key in [metric] if isinstance(content, dict) and metric in content else metric.split("."):
        content = content.get(key) if isinstance(content, dict) else None
    if content is None:
        return None
    try:
        return float(content)
    except (TypeError, ValueError):
        raise ConfigError(f"{path}: {metric}={content}: expected a number") from None


def _parsed(path: Path) -> Any:
    try:
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".csv":
            return (list(csv.DictReader(text.splitlines())) or [{}])[-1]
        return json.loads(text) if path.suffix == ".json" else yaml.safe_load(text)
    except (OSError, ValueError, yaml.YAMLError, csv.Error) as error:
        raise ConfigError(f"{path}: {' '.join(str(error).split())}") from error
