"""Runs of a cross-validation, which share training images: their values by seed and fold."""

from __future__ import annotations

from collections.abc import Sequence

from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.report.judge.measured_run import MeasuredRun
from mnist_sweeps.stats import FoldScores


def count_folds(runs: Sequence[MeasuredRun]) -> int:
    """Number of different folds; 0 where no run has one.

    Raises:
        ConfigError: Only some runs have a fold, or there is a single one.
    """
    folds = {run.fold for run in runs}
    if folds == {None}:
        return 0
    if without := next((run for run in runs if run.fold is None), None):
        raise ConfigError(f"variant {without.variant}, seed {without.seed}: no fold; all runs need one, or none")
    if len(folds) == 1:
        raise ConfigError(f"fold={folds.pop()}: expected at least 2 different folds")
    return len(folds)


def fold_scores(scored: Sequence[tuple[MeasuredRun, float]], metric: str, n_folds: int) -> FoldScores:
    """The values of a variant's runs by seed and fold.

    Without `n_fold` the fold has the images that the run was scored on, without `n_train` the other folds were trained
    on, each as large.

    Args:
        scored: The runs that count, with their values.
        metric: What the values are.
        n_folds: Number of different folds.

    Raises:
        ConfigError: No run knows the number of images in its fold.
    """
    n_fold = next((images for run, _ in scored if (images := run.n_fold or run.n_test)), None)
    if n_fold is None or not any(run.n_test for run, _ in scored):
        raise ConfigError(f"{metric}: folds are compared by an accuracy on a known number of images; add --n-test")
    n_train = next((run.n_train for run, _ in scored if run.n_train), n_fold * (n_folds - 1))
    return FoldScores({(run.seed, run.fold): value for run, value in scored}, n_train, n_fold)
