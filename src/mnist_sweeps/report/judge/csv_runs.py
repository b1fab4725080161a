"""Runs of a CSV file: one line a run, with the columns variant, seed and the metrics."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

from mnist_sweeps.config.errors import ConfigError, nearest
from mnist_sweeps.report.judge.measured import MeasuredRun

OURS = ("variant", "compared_with", "seed", "fold", "status", "n_test")  # columns of runs.csv that are no metrics


def read_csv(path: Path, metric: str | None, variant: str, seed: str) -> tuple[str, list[MeasuredRun]]:
    """The metric that is judged, and the runs of the file.

    A run whose `status` is not `completed` has no value. Where there is no column for the seed, lines are counted.

    Args:
        path: The file.
        metric: Its column; None for the only column of numbers, or `test_accuracy`.
        variant: The column of the variant.
        seed: The column of the seed.

    Raises:
        ConfigError: The file is no such table.
    """
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            lines = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ConfigError(f"{path}: {error}") from error
    if not lines:
        raise ConfigError(f"{path}: expected a line of column names, and a line for each run")
    return runs_of(lines, metric, variant, seed, str(path))


def runs_of(
    lines: Sequence[Mapping[str, str]], metric: str | None, variant: str, seed: str, where: str
) -> tuple[str, list[MeasuredRun]]:
    """As `read_csv`, of the lines of the file as text by column; `where` names it in messages."""
    columns = list(lines[0])
    _require(variant, columns, where, "--variant")
    if any(line.get("fold") for line in lines):
        raise ConfigError(f"{where}: folds share training images, so their runs are not independent; judge takes none")
    chosen = metric or _only_metric(columns, variant, seed, where)
    _require(chosen, columns, where, "--metric")
    count: dict[str, int] = {}
    runs = []
    for number, line in enumerate(lines, start=2):
        name = line[variant]
        count[name] = count.get(name, 0) + 1
        images = line.get("n_test")
        ended = line.get("status", "completed") == "completed"
        value = _number(line[chosen], f"{where}, line {number}, {chosen}") if ended else None
        runs.append(
            MeasuredRun(
                name,
                line.get(seed) or f"line {number}",
                value,
                int(float(images)) if images else None,
                line.get("compared_with") or None,
            )
        )
    return chosen, runs


def _only_metric(columns: Sequence[str], variant: str, seed: str, where: str) -> str:
    rest = [column for column in columns if column not in (*OURS, variant, seed)]
    if "test_accuracy" in rest:
        return "test_accuracy"
    if len(rest) != 1:
        raise ConfigError(f"{where}: --metric is needed, one of {', '.join(rest)}")
    return rest[0]


def _require(column: str, columns: Sequence[str], where: str, option: str) -> None:
    if column not in columns:
        raise ConfigError(f"{where}: {option} {column}: no such column; {nearest(column, list(columns))}")


def _number(text: str | None, where: str) -> float | None:
    """None for an empty cell."""
    if not text:
        return None
    try:
        return float(text)
    except ValueError:
        raise ConfigError(f"{where}={text}: expected a number") from None
