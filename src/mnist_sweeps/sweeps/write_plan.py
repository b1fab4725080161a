"""Writes sweep.yaml for a plan, with what earlier commands left in it: dropped rows, other single trainings."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from mnist_sweeps.planning.sweep_plan import SweepPlan
from mnist_sweeps.runtime.device import Machine
from mnist_sweeps.storage.run_lock import lock_run
from mnist_sweeps.storage.sweep_file import write_sweep_file
from mnist_sweeps.storage.sweep_record import SweepRecord
from mnist_sweeps.sweeps import resume
from mnist_sweeps.sweeps.record_plan import record_plan

SECONDS_TO_WRITE = 10.0  # of another command, before this one gives up


def write_plan(plan: SweepPlan, machine: Machine, folder: Path) -> bool:
    """Writes the sweep.yaml of a sweep; whether it is another one now.

    Args:
        plan: What is to be trained.
        machine: What it is trained on.
        folder: The sweep's folder.
    """
    return write_sweep_file(_with_dropped(record_plan(plan, machine), folder), folder)


def write_training(plan: SweepPlan, machine: Machine, folder: Path) -> bool:
    """Writes the sweep.yaml that single trainings share, each with a row; whether it is another one now.

    Args:
        plan: The training.
        machine: What it is trained on.
        folder: The folder of single trainings.

    Raises:
        RunLocked: Another command does not end to write it.
    """
    record = _with_dropped(record_plan(plan, machine), folder)
    with lock_run(folder, SECONDS_TO_WRITE):  # two commands may add their rows at the same time
        return write_sweep_file(_with_earlier_trainings(record, folder), folder)


def _with_dropped(record: SweepRecord, folder: Path) -> SweepRecord:
    """The record with the rows that were dropped from the sweep in `folder`, except those that it has again."""
    before, names = resume.earlier(folder), {variant.name for variant in record.variants}
    dropped = before.dropped if before else ()
    return replace(record, dropped=tuple(variant for variant in dropped if variant.name not in names))


def _with_earlier_trainings(record: SweepRecord, folder: Path) -> SweepRecord:
    """The record of a single training, with a row for each other training whose runs are in the folder.

    Args:
        record: What sweep.yaml is to say of the training alone.
        folder: The folder of single trainings.
    """
    before = resume.earlier(folder)
    trained = [variant for variant in before.variants if (folder / variant.folder).is_dir()] if before else []
    rows = {variant.name: variant for variant in (*trained, *record.variants)}  # a repeated one keeps its place
    return replace(record, variants=tuple(rows.values()), baseline=next(iter(rows)))
