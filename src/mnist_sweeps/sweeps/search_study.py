"""A search as sweep.yaml has it: read by the command that goes on with it, refused where another one is asked for."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.config.sweep_spec import SearchSpec, text
from mnist_sweeps.planning.planner import Planner
from mnist_sweeps.planning.sampler import SearchState
from mnist_sweeps.planning.sweep_plan import SweepPlan
from mnist_sweeps.storage.sweep_record import SweepRecord
from mnist_sweeps.sweeps import resume
from mnist_sweeps.sweeps.record_plan import record_search

SETTLED = ("sampler", "seed", "space", "pruner", "asynchronous")  # with others, other trials would have been drawn


def search_of(plan: SweepPlan) -> tuple[SearchSpec, SearchState]:
    """The search that a plan is of, and how far it is."""
    assert plan.sweep.search is not None and plan.study is not None
    return plan.sweep.search, plan.study


def load_study(planner: Planner, first: SweepPlan, folder: Path, record: SweepRecord | None) -> SearchState:
    """The study as an earlier command left it; empty, with folders to be moved aside, where it is overwritten.

    Args:
        planner: The planner that made `first`.
        first: The plan of the search without any trial.
        folder: The sweep's folder.
        record: What its sweep.yaml says.

    Raises:
        ConfigError: The folder holds another search that is not to be overwritten.
    """
    search, study = search_of(first)
    before, now = record.search if record else None, record_search(first)
    if record is None or before is None:
        return study
    differing = [key for key in SETTLED if getattr(before, key) != getattr(now, key)]
    if differing and not first.overwrite:
        key = differing[0]
        raise ConfigError(
            f"sweep.search.{key}: {folder} holds trials of another search ({text(getattr(before, key))} there, "
            f"{text(getattr(now, key))} now); overwrite=true moves them aside, fresh=true searches in a new folder"
        )
    drawn, floors, running = (
        [*recorded[: search.trials]] for recorded in (before.drawn, before.floors, before.running)
    )
    stored = replace(study, drawn=drawn, floors=floors, running=running)
    if differing or (first.overwrite and _foreign(planner.plan(stored), folder)):
        return replace(study, aside=tuple(variant.folder for variant in record.variants))
    return stored


def _foreign(planned: SweepPlan, folder: Path) -> bool:
    """Whether a trial there was trained with other settings: what was drawn after it was drawn from its score."""
    return any(resume.foreign(row, folder) for row in planned.to_train)
