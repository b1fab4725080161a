"""A sweep from its command line to its verdict: plan, check, train, report."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from mnist_sweeps import plan, report, resume
from mnist_sweeps.compose import quoted
from mnist_sweeps.config import ConfigError, seed_list
from mnist_sweeps.device import Machine, resolve
from mnist_sweeps.dryrun import Built, dry_run
from mnist_sweeps.plan import Plan, PlannedRow
from mnist_sweeps.progress import Progress
from mnist_sweeps.report import text

OUTPUTS = Path("outputs")

Launch = Callable[[list[list[str]], str], Any]


class RunsFailed(Exception):
    """Some runs of the sweep failed; its report says which and why."""


def sweep(arguments: list[str], launch: Launch) -> Any:
    """What the launcher returned for the rows that were trained, after the report is printed.

    Raises:
        ConfigError: a row cannot be trained; nothing was.
        RunsFailed: the report is written, but not all runs completed.
    """
    planned = plan.plan(arguments)
    folder = OUTPUTS / planned.name
    if planned.fresh:
        folder = resume.dated(folder)
        planned = replace(planned, name=folder.name)
    for line in planned.announcements:
        print(line)
    machine = _machine(planned, folder)
    kept = resume.kept(planned, folder)
    work = {row.name: _work(row, built) for row, built in zip(planned.rows, checked(planned), strict=True)}
    if kept:
        print(resume.summary(kept))
    runs = sum(len(seed_list(row.config.seeds)) for row in planned.to_train)
    print(f"{planned.name}: {runs} runs in {folder} · {machine}", flush=True)
    plan.write(planned, folder, machine)
    with Progress(planned, folder, work):
        returned = launch([_job(row, folder, machine) for row in planned.to_train], str(folder))
    finished = report.write(folder)
    print(text.render(finished))
    if any(row.status != "completed" for row in finished.rows):
        raise RunsFailed(planned.name)
    return returned


def checked(planned: Plan) -> list[Built]:
    """What each row builds to.

    Raises:
        ConfigError: a line for each row that cannot be built.
    """
    built = dry_run([row.config for row in planned.rows])
    faults = [
        f"row {row.name}: {one.fault}" if len(built) > 1 else one.fault
        for row, one in zip(planned.rows, built, strict=True)
        if one.fault
    ]
    if faults:
        raise ConfigError("\n".join(dict.fromkeys(faults)))
    return built


def _machine(planned: Plan, folder: Path) -> Machine:
    """What the sweep began on, where the command does not ask for another."""
    config, began = planned.rows[0].config, resume.machine(folder)
    if began is None:
        return resolve(config.device, config.backend, config.threads)
    device = began.device if config.device == "auto" else config.device
    backend = began.backend if config.backend == "auto" else config.backend
    return resolve(device, backend, config.threads or began.threads)


def _work(row: PlannedRow, built: Built) -> float:
    """Multiply-accumulates of one run, with a little for each image whatever the network."""
    return row.config.training.epochs * built.train_images * (built.multiplies + 200_000)


def _job(row: PlannedRow, folder: Path, machine: Machine) -> list[str]:
    return [
        *row.overrides,
        f"device={quoted(machine.device)}",
        f"backend={machine.backend}",
        f"threads={machine.threads}",
        f"hydra.sweep.dir={quoted(str(folder))}",
        f"hydra.sweep.subdir={quoted(row.folder)}",
    ]
