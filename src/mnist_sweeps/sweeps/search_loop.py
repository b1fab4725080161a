"""A search from its first draw to its winner, as plans to train one after the other; sweep.yaml knows how far it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from math import isnan
from pathlib import Path
from statistics import fmean

from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.config.sweep_spec import SearchSpec, text
from mnist_sweeps.planning import sampler, trials
from mnist_sweeps.planning.planner import Planner
from mnist_sweeps.planning.pruners import pruning_threshold
from mnist_sweeps.planning.sampler import ScoredTrials, SearchState
from mnist_sweeps.planning.sweep_plan import PlannedVariant, SweepPlan
from mnist_sweeps.storage import run_folder, run_scores
from mnist_sweeps.storage.read_runs import HISTORY, read_runs
from mnist_sweeps.storage.sweep_record import SweepRecord
from mnist_sweeps.sweeps import resume
from mnist_sweeps.sweeps.record_plan import record_search

VAL_ACCURACY = HISTORY.index("val_accuracy")


def rounds(planner: Planner, first: SweepPlan, folder: Path) -> Iterator[SweepPlan]:
    """Plans with more and more trials, each to be trained before the next is requested; the last has the winner.

    Trials that sweep.yaml lists are not drawn again.

    Args:
        planner: The planner that made `first`.
        first: The plan of the search without any trial.
        folder: The sweep's folder.

    Raises:
        ConfigError: The folder holds another search that is not to be overwritten, or the sampler is not installed.
    """
    search, _ = _of(first)
    record = resume.earlier(folder)
    study = _load_study(planner, first, folder, record)
    if len(study.drawn) < search.trials:
        sampler.require(search)
    epochs = max(row.config.training.epochs for row in first.rows if row.name != trials.WINNER)
    scored_trials: ScoredTrials = []
    while True:
        if study.drawn:
            planned = planner.plan(study)
            if any(not run_folder.is_complete(row.config, folder / row.folder) for row in planned.to_train):
                yield planned
            scored_trials = list(zip(study.drawn, _scores(planned, folder), strict=True))
        if len(study.drawn) >= search.trials:
            break
        numbers = range(len(study.drawn), min(len(study.drawn) + _at_once(first), search.trials))
        drawn = sampler.ask(search, study.space, scored_trials, len(numbers))
        curves = _curves(planned, folder) if search.pruner and study.drawn else {}
        floors = [*study.floors, *(pruning_threshold(search.pruner, curves, number, epochs) for number in numbers)]
        study = replace(study, drawn=[*study.drawn, *drawn], floors=floors)
    scores = [score for _, score in scored_trials]
    finished = replace(study, winner=_winner(search, scores), scores=scores)
    yield planner.plan(_with_importances(finished, search, scored_trials, record))


def _at_once(first: SweepPlan) -> int:
    """How many trials are drawn before any of them is trained: that decides what is drawn, so that auto is one."""
    workers = first.rows[0].config.workers
    return 1 if workers == "auto" else int(workers)


def _of(plan: SweepPlan) -> tuple[SearchSpec, SearchState]:
    assert plan.sweep.search is not None and plan.study is not None
    return plan.sweep.search, plan.study


def _load_study(planner: Planner, first: SweepPlan, folder: Path, record: SweepRecord | None) -> SearchState:
    """The study as an earlier command left it; empty, with folders to be moved aside, where it is overwritten."""
    search, study = _of(first)
    before, now = record.search if record else None, record_search(first)
    if record is None or before is None:
        return study
    differing = [key for key in ("sampler", "seed", "space", "pruner") if getattr(before, key) != getattr(now, key)]
    if differing and not first.overwrite:
        key = differing[0]
        raise ConfigError(
            f"sweep.search.{key}: {folder} holds trials of another search ({text(getattr(before, key))} there, "
            f"{text(getattr(now, key))} now); overwrite=true moves them aside, fresh=true searches in a new folder"
        )
    stored = replace(study, drawn=[*before.drawn[: search.trials]], floors=[*before.floors[: search.trials]])
    if differing or (first.overwrite and _foreign(planner.plan(stored), folder)):
        return replace(study, aside=tuple(variant.folder for variant in record.variants))
    return stored


def _foreign(planned: SweepPlan, folder: Path) -> bool:
    """Whether a trial there was trained with other settings: what was drawn after it was drawn from its score."""
    return any(resume.foreign(row, folder) for row in planned.to_train)


def _scores(planned: SweepPlan, folder: Path) -> list[float | None]:
    """The mean validation accuracy of each trial; 0 for one that diverged, None for one that ended in another way."""
    rows = {row.name: row for row in planned.rows}
    return [_score(rows[row.same_as or row.name], folder) for row in planned.rows]


def _curves(planned: SweepPlan, folder: Path) -> dict[int, list[float]]:
    """Validation accuracy by epoch of each trial that completed: the mean over its runs, as far as all of them came."""
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
    ends = [record.status for record in run_folder.read_all(folder / row.folder).values()]
    return 0.0 if "diverged" in ends else None


def _winner(search: SearchSpec, scores: list[float | None]) -> int | None:
    """The place of the best trial, the first of equals; None where no winner is asked for, or no trial completed."""
    reached = [score or 0.0 for score in scores]
    return reached.index(max(reached)) if search.winner is not None and max(reached) > 0 else None


def _with_importances(
    study: SearchState, search: SearchSpec, scored_trials: ScoredTrials, record: SweepRecord | None
) -> SearchState:
    """With the importances that sweep.yaml has for these very scores already: a finished search needs no Optuna."""
    before = record.search if record else None
    if before is not None and list(before.scores) == [score for _, score in scored_trials]:
        return replace(
            study,
            importances=dict(before.importances),
            importance_intervals=dict(before.importance_intervals),
        )
    sampler.require(search)
    return replace(
        study,
        importances=sampler.importances(search, study.space, scored_trials),
        importance_intervals=sampler.importance_intervals(search, study.space, scored_trials),
    )
