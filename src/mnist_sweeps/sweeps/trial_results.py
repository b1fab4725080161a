"""What the trials of a search reached, from their run folders."""

from __future__ import annotations

from math import isnan
from pathlib import Path
from statistics import fmean

from mnist_sweeps.planning.sweep_plan import PlannedVariant, SweepPlan
from mnist_sweeps.storage import run_scores, variant_folder
from mnist_sweeps.storage.read_runs import HISTORY, read_runs

VAL_ACCURACY = HISTORY.index("val_accuracy")


def scores_of(planned: SweepPlan, folder: Path) -> list[float | None]:
    """The mean validation accuracy of each trial; 0 for one that diverged, None for one that ended in another way.

    Args:
        planned: The plan with the trials drawn so far.
        folder: The sweep's folder.
    """
    rows = {row.name: row for row in planned.rows}
    return [_score(rows[row.same_as or row.name], folder) for row in planned.rows]


def curves_of(planned: SweepPlan, folder: Path) -> dict[int, list[float]]:
    """Validation accuracy by epoch of each trial that completed: the mean over its runs, as far as all of them came.

    Args:
        planned: The plan with the trials drawn so far.
        folder: The sweep's folder.
    """
    curves = {}
    for number, row in enumerate(planned.rows):
        if row.same_as is None:
            completed = [run.history for run in read_runs(folder / row.folder).readable if run.completed]
            reached = ([epoch[VAL_ACCURACY] or 0.0 for epoch in history] for history in completed)
            curves[number] = [fmean(values) for values in zip(*reached, strict=False)]
    return {number: curve for number, curve in curves.items() if curve}


def _score(row: PlannedVariant, folder: Path) -> float | None:
    score = run_scores.mean_validation_accuracy(row.config, folder / row.folder)
    if not isnan(score):
        return score
    ends = [record.status for record in variant_folder.read_all(folder / row.folder).values()]
    return 0.0 if "diverged" in ends else None
