"""A sweep from its command line to its verdict: plan, check, train, report."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from hydra.core.utils import JobStatus

from mnist_sweeps import report
from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.planning import planner
from mnist_sweeps.planning.explain_errors import merge_equal_faults
from mnist_sweeps.planning.override_values import quoted
from mnist_sweeps.planning.planner import PlannedVariant, SweepPlan
from mnist_sweeps.report.tables import text
from mnist_sweeps.runtime.device import Machine, faster_backend, resolve, shared_gpus, worker_count
from mnist_sweeps.storage import run_folder
from mnist_sweeps.storage.sweep_file import write_sweep_file
from mnist_sweeps.sweeps import cost, resume, search_loop
from mnist_sweeps.sweeps.dry_run import Built, dry_run
from mnist_sweeps.sweeps.progress import Progress
from mnist_sweeps.sweeps.record_plan import record_plan

OUTPUTS = Path("outputs")

Launch = Callable[[list[list[str]], str, int, list[str]], Any]  # jobs' overrides, folder, workers, their GPUs


class RunsFailed(Exception):
    """Some runs of the sweep failed; its report says which and why."""


def sweep(arguments: list[str], launch: Launch, workers: bool = True) -> Any:
    """What the launcher returned for the rows that were trained, after the report is printed.

    Nothing is checked or trained where every run is there already. `workers` tells whether the launcher has any.

    Raises:
        ConfigError: a row cannot be trained; nothing was.
        RunsFailed: the report is written, but not all runs completed.
    """
    planned = planner.plan(arguments)
    folder = OUTPUTS / planned.name
    if planned.fresh:
        folder = resume.dated(folder)
        planned = replace(planned, name=folder.name)
    for line in planned.announcements:
        print(line)
    returned: Any = []
    changed, tried, built = False, set[str](), list[Built]()
    for part in search_loop.rounds(arguments, planned, folder) if planned.study else [planned]:
        part = replace(part, name=planned.name)
        kept = resume.kept(part, folder)
        todo = [row for row in part.to_train if row.name not in tried and not _settled(row, folder)]
        if todo and not built:
            built = checked(planned)
        began = resume.machine(folder, part)
        several = _workers(planned, began) if workers else 1
        machine = began if began and not todo else _machine(planned, began, built, several)
        if kept and not tried:
            print(resume.summary(kept))
        resume.tidy(folder)
        resume.make_room(part, folder)
        changed |= write_sweep_file(record_plan(part, machine), folder)
        if todo:
            work = _work(part, planned, built, folder)
            if not tried:
                print(_announcement(part, folder, machine, several), flush=True)
            returned = _train(part, todo, work, folder, machine, several, launch)
        tried |= {row.name for row in part.rows}
    try:
        stale = returned or changed or not all((folder / name).exists() for name in report.FILES)
        finished = report.write(folder) if stale else report.read(folder)
    except OSError as error:
        raise RunsFailed(f"{folder}: the report is not written: {error}") from error
    print(text.render(finished))
    if any(row.status != "completed" for row in finished.rows):
        raise RunsFailed
    return returned


def _settled(row: PlannedVariant, folder: Path) -> bool:
    return run_folder.is_complete(row.config, folder / row.folder)


def _work(part: SweepPlan, planned: SweepPlan, built: list[Built], folder: Path) -> dict[str, float]:
    """Seconds that a run of each row takes; a trial, of which nothing was built, counts as the largest of its space."""
    known = dict(zip((row.name for row in planned.rows), built, strict=True))
    largest = max(built, key=lambda one: one.multiplies)
    return {row.name: cost.seconds(row.config, known.get(row.name, largest), folder / row.folder) for row in part.rows}


def _announcement(part: SweepPlan, folder: Path, machine: Machine, workers: int) -> str:
    """What the command is about to do; the trials that a search has not drawn yet are told apart."""
    count = sum(len(run_folder.unfinished(row.config, folder / row.folder)) for row in part.to_train)
    more = f", then {part.ahead} trials more," if part.ahead else ""
    several = f", {workers} workers" if workers > 1 else ""
    return f"{part.name}: {count} runs{more} in {folder} · {machine}{several}"


def _train(
    planned: SweepPlan,
    todo: list[PlannedVariant],
    work: dict[str, float],
    folder: Path,
    machine: Machine,
    workers: int,
    launch: Launch,
) -> Any:
    """What the launcher returned; at Ctrl-C the report of what there is is written first.

    Several workers take the rows with the most work first, so that none of them is left alone with a long one.
    """
    config = planned.rows[0].config
    if workers > 1:
        todo = sorted(todo, key=lambda row: -work[row.name] * len(row.config.runs))
    progress = Progress(planned, folder, work)
    try:
        with progress:
            jobs = [_job(row, folder, machine) for row in todo]
            returned = launch(jobs, str(folder), min(workers, len(jobs)), shared_gpus(config, machine))
    except KeyboardInterrupt:
        print(text.render(report.write(folder)))
        raise
    for row, job in zip(todo, returned, strict=True):
        if job.status is JobStatus.FAILED:
            lost = job._return_value
            print(f"row {row.name}: {type(lost).__name__}: {lost}", file=sys.stderr)
            names = {"sweep": planned.name, "variant": row.name}
            run_folder.record_lost(folder / row.folder, row.config, names, getattr(lost, "status", "failed"), str(lost))
    return returned


def checked(planned: SweepPlan) -> list[Built]:
    """What each row builds to.

    Raises:
        ConfigError: a line for each row that cannot be built.
    """
    built = dry_run([row.config for row in planned.rows])
    faults = [(row.name, one.fault) for row, one in zip(planned.rows, built, strict=True) if one.fault]
    if faults:
        raise ConfigError("\n".join(merge_equal_faults(faults) if len(built) > 1 else [faults[0][1]]))
    return built


def _workers(planned: SweepPlan, began: Machine | None) -> int:
    """How many processes train its rows side by side; the trials of a search follow one another."""
    config = planned.rows[0].config
    rows = 1 if planned.study else len(planned.to_train)
    return worker_count(config, rows, began.threads if began else None)


def _machine(planned: SweepPlan, began: Machine | None, built: list[Built], workers: int) -> Machine:
    """What the sweep began on, where the command does not ask for another; else what trains its rows fastest."""
    config = replace(planned.rows[0].config, workers=workers)
    if began is not None:
        kept = {key: getattr(began, key) for key in ("device", "backend", "engine") if getattr(config, key) == "auto"}
        if config.backend not in ("auto", began.backend):
            kept.pop("engine", None)
        return resolve(replace(config, **kept, threads=config.threads or began.threads))
    pairs = zip(planned.rows, built, strict=False)  # nothing is built where every run is there already
    work = [(one, row.config.training.epochs * one.train_images) for row, one in pairs]
    convolutions = sum(one.convolutions * images for one, images in work)
    return resolve(
        config, faster_backend(sum(one.multiplies * images for one, images in work) - convolutions, convolutions)
    )


def _job(row: PlannedVariant, folder: Path, machine: Machine) -> list[str]:
    return [
        *row.overrides,
        f"device={quoted(machine.device)}",
        f"backend={machine.backend}",
        f"engine={machine.engine}",
        f"threads={machine.threads}",
        f"hydra.sweep.dir={quoted(str(folder))}",
        f"hydra.sweep.subdir={quoted(row.folder)}",
    ]
