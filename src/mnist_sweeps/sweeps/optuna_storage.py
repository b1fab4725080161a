"""A copy of a search for Optuna's dashboard (`search.storage`); sweep.yaml and the run folders are the truth.

A storage is the URL of a database (`sqlite:///found.db`) or the path of a journal file, as for `optuna-dashboard`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mnist_sweeps.config.sweep_spec import text
from mnist_sweeps.planning.draws import parameters
from mnist_sweeps.planning.search_space import SimpleAxis, Values
from mnist_sweeps.planning.sweep_plan import SweepPlan
from mnist_sweeps.runtime.messages import LOGGER
from mnist_sweeps.sweeps.search_study import search_of
from mnist_sweeps.sweeps.trial_results import curves_of, scores_of

if TYPE_CHECKING:
    import optuna
    from optuna.distributions import BaseDistribution

ORIGIN, ROW = "mnist_sweeps.sweep", "mnist_sweeps.trial"  # user attributes of a study, and of its trials


class OptunaStorage:
    """Gets the trials of a search as they end. One that fails is named in one warning, and gets nothing more."""

    def __init__(self, plan: SweepPlan, folder: Path) -> None:
        search, _ = search_of(plan)
        self.storage, self.name, self.folder = search.storage, plan.name, folder

    def update(self, planned: SweepPlan, running: list[int]) -> None:
        """Adds the trials that have ended since the last time.

        Args:
            planned: The plan with the trials drawn so far.
            running: The places of those that have not ended.
        """
        if self.storage is None:
            return
        try:
            self._update([trial for place, trial in self._trials(planned) if place not in running])
        except Exception as error:  # of any kind: a copy must not cost a search
            reason = " ".join(f"{type(error).__name__}: {error}".split())
            LOGGER.warning(f"sweep.search.storage={self.storage}: {reason}; it gets nothing more")
            self.storage = None

    def _update(self, ended: list[optuna.trial.FrozenTrial]) -> None:
        study = self._study()
        there = {trial.user_attrs[ROW]: _content(trial) for trial in study.trials}
        ours = {trial.user_attrs[ROW]: _content(trial) for trial in ended}
        if any(ours.get(row) != content for row, content in there.items()):  # of a search that was overwritten
            import optuna

            optuna.delete_study(study_name=self.name, storage=study._storage)
            study, there = self._study(), {}
        for trial in ended:
            if trial.user_attrs[ROW] not in there:
                study.add_trial(trial)

    def _study(self) -> optuna.Study:
        """The study with the sweep's name.

        Raises:
            ValueError: There is one that is not of this sweep.
        """
        import optuna
        from optuna.storages import JournalStorage
        from optuna.storages.journal import JournalFileBackend

        optuna.logging.set_verbosity(optuna.logging.WARNING)
        storage: Any = self.storage
        if "://" not in storage:
            storage = JournalStorage(JournalFileBackend(storage))
        study = optuna.create_study(storage=storage, study_name=self.name, direction="maximize", load_if_exists=True)
        origin = str(self.folder.resolve())
        if study.trials and study.user_attrs.get(ORIGIN) != origin:
            raise ValueError(f"the study {self.name} there is not of {self.folder}; take another storage")
        study.set_user_attr(ORIGIN, origin)
        return study

    def _trials(self, planned: SweepPlan) -> Iterator[tuple[int, optuna.trial.FrozenTrial]]:
        """Each trial drawn, with its place."""
        import optuna

        _, state = search_of(planned)
        scores, curves = scores_of(planned, self.folder), curves_of(planned, self.folder)
        for place, (settings, score) in enumerate(zip(state.drawn, scores, strict=False)):
            drawn = parameters(state.space, settings)
            yield (
                place,
                optuna.trial.create_trial(
                    state=optuna.trial.TrialState.FAIL if score is None else optuna.trial.TrialState.COMPLETE,
                    value=score,
                    params={name: _shown(axis, value) for name, (value, axis) in drawn.items()},
                    distributions={name: _distribution(axis) for name, (_, axis) in drawn.items()},
                    intermediate_values=dict(enumerate(curves.get(place, ()), start=1)),
                    user_attrs={ROW: planned.rows[place].name},
                ),
            )


def _content(trial: optuna.trial.FrozenTrial) -> tuple[Any, ...]:
    return trial.state, trial.params, trial.values


def _distribution(axis: SimpleAxis) -> BaseDistribution:
    """What a value is drawn from; a choice by the words that a person wrote, where the sampler sees their places."""
    from optuna.distributions import CategoricalDistribution

    return CategoricalDistribution(list(map(text, axis.values))) if isinstance(axis, Values) else axis.distribution()


def _shown(axis: SimpleAxis, value: Any) -> Any:
    return text(value) if isinstance(axis, Values) else value
