"""An asynchronous search: a trial is drawn whenever a worker is free, from what the others have reached by then.

Which trials were being trained at each draw is in sweep.yaml, and with their scores it decides what was drawn.
"""

from __future__ import annotations

from collections.abc import Iterator, Set
from dataclasses import replace
from pathlib import Path

from mnist_sweeps.planning import sampler, trials
from mnist_sweeps.planning.planner import Planner
from mnist_sweeps.planning.pruners import pruning_threshold
from mnist_sweeps.planning.sampler import SearchState
from mnist_sweeps.planning.sweep_plan import SweepPlan
from mnist_sweeps.storage import variant_folder
from mnist_sweeps.sweeps import resume
from mnist_sweeps.sweeps.optuna_storage import OptunaStorage
from mnist_sweeps.sweeps.search_study import load_study, search_of
from mnist_sweeps.sweeps.trial_results import curves_of, scores_of


class SearchStream:
    """The trials of a search, as plans of which each has one more; `search_loop` goes on with the winner."""

    def __init__(self, planner: Planner, first: SweepPlan, folder: Path, running: Set[str]) -> None:
        """Draws nothing yet.

        Args:
            planner: The planner that made `first`.
            first: The plan of the search without any trial.
            folder: The sweep's folder.
            running: Names of the variants that are being trained, at any time.
        """
        self.planner, self.first, self.folder = planner, first, folder
        self.epochs = trials.most_epochs({row.name: row.config for row in first.rows})
        self.running = running
        self.storage = OptunaStorage(first, folder)

    def plans(self) -> Iterator[SweepPlan]:
        """A plan whenever one is requested, until every trial is drawn; the first has the trials of earlier commands.

        Raises:
            ConfigError: The folder holds another search that is not to be overwritten, or the sampler is not installed.
        """
        search, _ = search_of(self.first)
        study = load_study(self.planner, self.first, self.folder, resume.earlier(self.folder))
        if len(study.drawn) < search.trials:
            sampler.require(search)
        if study.drawn:
            planned = self.planner.plan(study)
            if any(not variant_folder.is_complete(row.config, self.folder / row.folder) for row in planned.to_train):
                yield planned
        while len(study.drawn) < search.trials:
            study = self._with_one_more(study)
            yield self.planner.plan(study)

    def _with_one_more(self, study: SearchState) -> SearchState:
        """The study with another trial, and which ones were running when it was drawn."""
        search, _ = search_of(self.first)
        number = len(study.drawn)
        if number == 0:
            drawn, running, curves = sampler.ask(search, study.space, [], 1), [], {}
        else:
            planned = self.planner.plan(study)
            running = [place for place, row in enumerate(planned.rows) if (row.same_as or row.name) in self.running]
            scored_trials = list(zip(study.drawn, scores_of(planned, self.folder), strict=True))
            drawn = sampler.ask(search, study.space, scored_trials, 1, running)
            curves = curves_of(planned, self.folder) if search.pruner else {}
            self.storage.update(planned, running)
        ended = {place: curve for place, curve in curves.items() if place not in running}
        floor = pruning_threshold(search.pruner, ended, number, self.epochs)
        return replace(
            study,
            drawn=[*study.drawn, *drawn],
            floors=[*study.floors, floor],
            running=[*study.running, running],
        )
