"""Trials that have ended, as Optuna's dashboard finds them."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import optuna
import pytest
from optuna.storages import JournalStorage
from optuna.storages.journal import JournalFileBackend

from mnist_sweeps.config.sweep_spec import SearchSpec, Sweep
from mnist_sweeps.planning.sampler import SearchState
from mnist_sweeps.planning.search_space import Interval, Values
from mnist_sweeps.planning.sweep_plan import PlannedVariant, SweepPlan
from mnist_sweeps.sweeps import optuna_storage
from mnist_sweeps.sweeps.optuna_storage import OptunaStorage

SCORES: list[float | None] = [0.5, None, 0.75]


@pytest.fixture(autouse=True)
def trained(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(optuna_storage, "scores_of", lambda planned, folder: SCORES)
    monkeypatch.setattr(optuna_storage, "curves_of", lambda planned, folder: {0: [0.25, 0.5]})


def plan(storage: str, rates: tuple[float, ...] = (0.125, 0.25, 0.5)) -> SweepPlan:
    space = {"optimizer": Values(("adam", None)), "model.dropout": Interval(0.0, 1.0)}
    study = SearchState(space, [{"optimizer": None, "model.dropout": rate} for rate in rates])
    config: Any = None
    rows = [PlannedVariant(f"trial {rate}", f"{rate}", {}, [], config, None, [], None) for rate in rates]
    sweep = Sweep(search=SearchSpec(trials=3, storage=storage))
    return SweepPlan("found", Path("found"), sweep, rows, [], [], fresh=False, overwrite=False, study=study)


@pytest.mark.parametrize("storage", ["sqlite:///found.db", "found.log"])
def test_trials_that_have_ended_are_copied_once(storage: str) -> None:
    planned = plan(storage)
    copy = OptunaStorage(planned, Path("found"))
    copy.update(planned, [2])
    OptunaStorage(planned, Path("found")).update(planned, [])
    where: Any = storage if "://" in storage else JournalStorage(JournalFileBackend(storage))
    study = optuna.load_study(study_name="found", storage=where)
    assert [(trial.state.name, trial.value) for trial in study.trials] == [
        ("COMPLETE", 0.5), ("FAIL", None), ("COMPLETE", 0.75),
    ]  # fmt: skip
    assert study.trials[0].params == {"optimizer": "null", "model.dropout": 0.125}
    assert study.trials[0].intermediate_values == {1: 0.25, 2: 0.5}
    assert study.best_value == 0.75


def test_trials_of_a_search_that_was_overwritten_are_replaced() -> None:
    OptunaStorage(plan("found.log"), Path("found")).update(plan("found.log"), [])
    other = plan("found.log", (0.75, 0.25, 0.5))
    OptunaStorage(other, Path("found")).update(other, [])
    study = optuna.load_study(study_name="found", storage=JournalStorage(JournalFileBackend("found.log")))
    assert [trial.params["model.dropout"] for trial in study.trials] == [0.75, 0.25, 0.5]


def test_a_study_of_another_origin_is_left_alone_and_costs_no_trial(caplog: pytest.LogCaptureFixture) -> None:
    theirs = optuna.create_study(study_name="found", storage=JournalStorage(JournalFileBackend("found.log")))
    theirs.ask()
    copy = OptunaStorage(plan("found.log"), Path("found"))
    copy.update(plan("found.log"), [])
    copy.update(plan("found.log"), [])
    (line,) = caplog.messages
    assert line == (
        "sweep.search.storage=found.log: ValueError: the study found there is not of found; take another storage; "
        "it gets nothing more"
    )
    assert len(theirs.trials) == 1


def test_without_a_storage_nothing_is_written(tmp_path: Path) -> None:
    planned = plan("x")
    without = replace(planned, sweep=Sweep(search=SearchSpec(trials=3)))
    OptunaStorage(without, Path("found")).update(without, [])
    assert list(tmp_path.iterdir()) == []
