"""A search from its first draw to its winner, as plans to train one after the other; sweep.yaml knows how far it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from mnist_sweeps.config.sweep_spec import SearchSpec
from mnist_sweeps.planning import sampler, trials
from mnist_sweeps.planning.planner import Planner
from mnist_sweeps.planning.pruners import pruning_threshold
from mnist_sweeps.planning.sampler import ScoredTrials, SearchState
from mnist_sweeps.planning.sweep_plan import SweepPlan
from mnist_sweeps.storage import variant_folder
from mnist_sweeps.storage.sweep_record import SweepRecord
from mnist_sweeps.sweeps import resume
from mnist_sweeps.sweeps.optuna_storage import OptunaStorage
from mnist_sweeps.sweeps.search_study import load_study, search_of
from mnist_sweeps.sweeps.trial_results import curves_of, scores_of


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
    search, _ = search_of(first)
    record = resume.earlier(folder)
    study = load_study(planner, first, folder, record)
    if len(study.drawn) < search.trials:
        sampler.require(search)
    epochs = trials.most_epochs({row.name: row.config for row in first.rows})
    storage = OptunaStorage(first, folder)
    scored_trials: ScoredTrials = []
    while True:
        if study.drawn:
            planned = planner.plan(study)
            if any(not variant_folder.is_complete(row.config, folder / row.folder) for row in planned.to_train):
                yield planned
            scored_trials = list(zip(study.drawn, scores_of(planned, folder), strict=True))
            storage.update(planned, [])
        if len(study.drawn) >= search.trials:
            break
        numbers = range(len(study.drawn), min(len(study.drawn) + _at_once(first), search.trials))
        drawn = sampler.ask(search, study.space, scored_trials, len(numbers))
        curves = curves_of(planned, folder) if search.pruner and study.drawn else {}
        floors = [*study.floors, *(pruning_threshold(search.pruner, curves, number, epochs) for number in numbers)]
        study = replace(study, drawn=[*study.drawn, *drawn], floors=floors)
    scores = [score for _, score in scored_trials]
    finished = replace(study, winner=_winner(search, scores), scores=scores)
    yield planner.plan(_with_importances(finished, search, scored_trials, record))


def _at_once(first: SweepPlan) -> int:
    """How many trials are drawn before any of them is trained: that decides what is drawn, so that auto is one."""
    workers = first.rows[0].config.workers
    return 1 if workers == "auto" else int(workers)


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
