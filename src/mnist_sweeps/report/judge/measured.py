"""Runs as a table has them: a variant, a seed and the value of a metric; and the rows that they make."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite

from mnist_sweeps.config.errors import ConfigError, nearest
from mnist_sweeps.stats import at_chance


@dataclass(frozen=True)
class MeasuredRun:
    """One run; `value` is None where it did not end or has no finite number. `n_test` counts the test images."""

    variant: str
    seed: str
    value: float | None
    n_test: int | None = None
    compared_with: str | None = None


@dataclass(frozen=True)
class MeasuredRow:
    """The values of a variant's runs, and how many of its runs have none, or only guess."""

    name: str
    values: tuple[float, ...]
    n_test: int | None
    compared_with: str | None
    without_value: int = 0
    guessing: int = 0


def measured_rows(runs: Sequence[MeasuredRun], metric: str, n_test: int | None = None) -> list[MeasuredRow]:
    """One row for each variant, in the order of the runs.

    Of an accuracy with a known number of test images, runs at chance next to runs that learned are left out.

    Args:
        runs: All runs.
        metric: What their values are.
        n_test: Number of test images where the runs do not say it.

    Raises:
        ConfigError: There are no runs, a seed occurs twice in a variant, or an accuracy is no fraction.
    """
    by_variant: dict[str, list[MeasuredRun]] = {}
    for run in runs:
        by_variant.setdefault(run.variant, []).append(run)
    if not by_variant:
        raise ConfigError(f"no runs with {metric}")
    return [_row(name, of, metric, n_test) for name, of in by_variant.items()]


def _row(name: str, runs: Sequence[MeasuredRun], metric: str, n_test: int | None) -> MeasuredRow:
    seeds = [run.seed for run in runs]
    if twice := next((seed for seed in seeds if seeds.count(seed) > 1), None):
        raise ConfigError(f"variant {name}, seed {twice}: there twice; each run needs a different seed")
    images = next((run.n_test for run in runs if run.n_test), n_test)
    values = [run.value for run in runs if run.value is not None and isfinite(run.value)]
    if images and (outside := next((value for value in values if not 0 <= value <= 1), None)) is not None:
        raise ConfigError(f"variant {name}, {metric}={outside:g}: expected a fraction from 0 to 1, as n_test is given")
    guessing = at_chance(values, images) if images else [False] * len(values)
    kept = tuple(value for value, guesses in zip(values, guessing, strict=True) if not guesses)
    compared_with = next((run.compared_with for run in runs if run.compared_with), None)
    return MeasuredRow(name, kept, images, compared_with, len(runs) - len(values), sum(guessing))


def compared(rows: Sequence[MeasuredRow], baseline: str | None) -> dict[str, str]:
    """The name of the row that each row is compared with.

    Args:
        rows: All rows.
        baseline: One for all; None for what the runs say, else the first row.

    Raises:
        ConfigError: A row is to be compared with one that is not there.
    """
    names = [row.name for row in rows]
    said = {row.name: row.compared_with for row in rows if row.compared_with}
    if baseline is not None or not said:
        said = {name: names[0] if baseline is None else baseline for name in names}
    for other in said.values():
        if other not in names:
            raise ConfigError(f"--baseline {other}: no such variant; {nearest(other, names)}")
    return {name: other for name, other in said.items() if name != other}


def varying(settings: Iterable[Mapping[str, str]], seed: str) -> list[str]:
    """The variant of each run by its settings: those that differ between the runs, without the seed; `all` without any.

    Args:
        settings: Of each run, as text.
        seed: The key of the seed.
    """
    of_runs = list(settings)
    keys = [key for key in dict.fromkeys(key for of in of_runs for key in of) if key != seed]
    differing = [key for key in keys if len({of.get(key) for of in of_runs}) > 1]
    return [", ".join(f"{key}={of[key]}" for key in differing if key in of) or "all" for of in of_runs]
