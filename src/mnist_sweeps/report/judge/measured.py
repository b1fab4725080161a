"""The rows that measured runs make, and what each is compared with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import isfinite

from mnist_sweeps.config.errors import ConfigError, nearest
from mnist_sweeps.report.judge.measured_folds import count_folds, fold_scores
from mnist_sweeps.report.judge.measured_run import MeasuredRun
from mnist_sweeps.stats import FoldScores, at_chance
from mnist_sweeps.stats.chance import MNIST_CHANCE


@dataclass(frozen=True)
class MeasuredRow:
    """The values of a variant's runs, and how many of its runs have none, or only guess.

    Of a cross-validation, `folds` has the values by seed and fold.
    """

    name: str
    values: tuple[float, ...]
    n_test: int | None
    compared_with: str | None
    without_value: int = 0
    guessing: int = 0
    chance: float = MNIST_CHANCE
    folds: FoldScores | None = None


def measured_rows(
    runs: Sequence[MeasuredRun], metric: str, n_test: int | None = None, chance: float | None = None
) -> list[MeasuredRow]:
    """One row for each variant, in the order of the runs.

    Of an accuracy with a known number of test images, runs at chance next to runs that learned are left out.

    Args:
        runs: All runs.
        metric: What their values are.
        n_test: Number of test images where the runs do not say it.
        chance: Share of the largest class where the runs do not say it; None for MNIST's.

    Raises:
        ConfigError: There are no runs, a seed (with folds, a seed and fold) occurs twice in a variant, an accuracy is
            no fraction, or only some runs have a fold.
    """
    if not runs:
        raise ConfigError(f"no runs with {metric}")
    by_variant: dict[str, list[MeasuredRun]] = {}
    for run in runs:
        known = replace(run, n_test=run.n_test or n_test, chance=run.chance or chance)
        by_variant.setdefault(run.variant, []).append(known)
    n_folds = count_folds(runs)
    return [_row(name, of, metric, n_folds) for name, of in by_variant.items()]


def _row(name: str, runs: Sequence[MeasuredRun], metric: str, n_folds: int) -> MeasuredRow:
    keys = [f"seed {run.seed}" + (f", fold {run.fold}" if n_folds else "") for run in runs]
    if twice := next((key for key in keys if keys.count(key) > 1), None):
        raise ConfigError(f"variant {name}, {twice}: there twice; each run needs a different seed")
    images = next((run.n_test for run in runs if run.n_test), None)
    share = next((run.chance for run in runs if run.chance), MNIST_CHANCE)
    scored = [(run, run.value) for run in runs if run.value is not None and isfinite(run.value)]
    values = [value for _, value in scored]
    if images and (outside := next((value for value in values if not 0 <= value <= 1), None)) is not None:
        raise ConfigError(f"variant {name}, {metric}={outside:g}: expected a fraction from 0 to 1, as n_test is given")
    guessing = at_chance(values, images, share) if images else [False] * len(values)
    kept = [pair for pair, guesses in zip(scored, guessing, strict=True) if not guesses]
    compared_with = next((run.compared_with for run in runs if run.compared_with), None)
    return MeasuredRow(
        name,
        tuple(value for _, value in kept),
        images,
        compared_with,
        len(runs) - len(values),
        sum(guessing),
        share,
        fold_scores(kept, metric, n_folds) if n_folds and kept else None,
    )


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
