"""Runs of a CSV file: one line a run, with the columns variant, seed and the metrics."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

from mnist_sweeps.config.claim_spec import METRICS, is_share_of_class
from mnist_sweeps.config.errors import ConfigError, nearest
from mnist_sweeps.report.judge.measured_run import MeasuredRun

# Columns of runs.csv that are no metrics.
OURS = ("variant", "compared_with", "seed", "fold", "status", "n_test", "chance", "n_train", "n_fold", "looks")
# Metrics of our runs whose spread the noise law does not give: they are compared by Welch's test, as in claims.
WITHOUT_LAW = frozenset(METRICS) - {"test_accuracy", "fold_accuracy"}


def read_csv(path: Path, metric: str | None, variant: str, seed: str) -> tuple[str, list[MeasuredRun]]:
    """The metric that is judged, and the runs of the file.

    A run whose `status` is not `completed` has no value. Where there is no column for the seed, lines are counted; with
    folds, they are then of one seed.

    Args:
        path: The file.
        metric: Its column; None for the only column of numbers, or `test_accuracy`; with folds `fold_accuracy`.
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
    folds = any(line.get("fold") for line in lines)
    chosen = metric or _only_metric(columns, variant, seed, where, folds)
    _require(chosen, columns, where, "--metric")
    scored_on = "n_fold" if chosen == "fold_accuracy" else "n_test"
    without_law = chosen in WITHOUT_LAW or is_share_of_class(chosen)
    runs = []
    for number, line in enumerate(lines, start=2):
        place = f"{where}, line {number}"
        ended = line.get("status", "completed") == "completed"
        runs.append(
            MeasuredRun(
                line[variant],
                line.get(seed) or ("0" if folds else f"line {number}"),
                _number(line[chosen], f"{place}, {chosen}") if ended else None,
                None if without_law else _count(line, scored_on, place),
                line.get("compared_with") or None,
                _chance(line.get("chance"), place),
                line.get("fold") or None,
                _count(line, "n_train", place),
                _count(line, "n_fold", place),
                _count(line, "looks", place) or 1,
            )
        )
    return chosen, runs


def _only_metric(columns: Sequence[str], variant: str, seed: str, where: str, folds: bool) -> str:
    rest = [column for column in columns if column not in (*OURS, variant, seed)]
    if folds and "fold_accuracy" in rest:
        return "fold_accuracy"
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


def _count(line: Mapping[str, str], column: str, place: str) -> int | None:
    """A number of images or looks; None for an empty cell, or without the column."""
    number = _number(line.get(column), f"{place}, {column}")
    if number is not None and not (number >= 1 and number.is_integer()):
        raise ConfigError(f"{place}, {column}={line[column]}: expected a whole number of at least 1")
    return None if number is None else int(number)


def _chance(text: str | None, place: str) -> float | None:
    chance = _number(text, f"{place}, chance")
    if chance is not None and not 0 < chance < 1:
        raise ConfigError(f"{place}, chance={text}: expected a fraction between 0 and 1")
    return chance
