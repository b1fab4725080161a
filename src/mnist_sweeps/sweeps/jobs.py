"""The jobs of a sweep: the runs that are left for each, its training by a launcher, how it ended."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hydra.core.utils import JobReturn, JobStatus

from mnist_sweeps.config.schema import RunKey
from mnist_sweeps.planning.override_values import quoted
from mnist_sweeps.planning.planned_config import planned_text
from mnist_sweeps.planning.seeds import with_seeds
from mnist_sweeps.planning.sweep_plan import PlannedVariant, SweepPlan
from mnist_sweeps.runtime.device import Machine
from mnist_sweeps.runtime.messages import LOGGER
from mnist_sweeps.storage import lost_runs, run_folder, variant_folder

# Takes jobs' overrides, folder, workers, their GPUs; with lazy jobs also what is called with each place and JobReturn.
Launch = Callable[..., Any]


@dataclass
class Jobs:
    """The jobs of one command; a failed run is not trained again by the same command."""

    sweep: str
    folder: Path
    launch: Launch
    attempted: dict[str, set[RunKey]] = field(default_factory=dict)  # by variant
    running: set[str] = field(default_factory=set)  # names of the variants whose jobs have begun, where jobs are lazy
    failed: bool = False  # a job, be it one whose runs completed
    returned: Any = field(default_factory=list)  # by the launcher, in the last round that trained

    def left(self, plan: SweepPlan) -> list[PlannedVariant]:
        """The variants that have missing runs, with the seeds that are new to this command."""
        return [left for variant in plan.to_train if (left := self._left(variant))]

    def _left(self, variant: PlannedVariant) -> PlannedVariant | None:
        if variant.name not in self.attempted:
            return None if self._is_complete(variant) else variant
        new = [run.seed for run in variant.config.runs if run not in self.attempted[variant.name]]
        added = with_seeds(variant, new) if new else None
        return None if added is None or self._is_complete(added) else added

    def _is_complete(self, variant: PlannedVariant) -> bool:
        return variant_folder.is_complete(variant.config, self.folder / variant.folder)

    def add_attempted(self, plan: SweepPlan) -> None:
        """The runs of a plan were trained, or existed."""
        for variant in plan.rows:
            self.attempted.setdefault(variant.name, set()).update(variant.config.runs)

    def train(self, variants: list[PlannedVariant], machine: Machine, workers: int, gpus: list[str]) -> None:
        """Trains variants, one job each.

        Args:
            variants: What to train, in this order.
            machine: What to train on.
            workers: At most so many at a time, where the launcher has workers on this machine.
            gpus: The workers take turns at these.
        """
        jobs = [self._overrides(variant, machine) for variant in variants]
        self.returned = self.launch(jobs, str(self.folder), min(workers, len(jobs)), gpus)
        for variant, job in zip(variants, self.returned, strict=True):
            self._ended(variant, job)
        self._log_left_to_others(variants)

    def train_stream(
        self,
        variants: list[PlannedVariant],
        later: Iterator[SweepPlan],
        machine: Machine,
        workers: int,
        gpus: list[str],
    ) -> None:
        """As `train`, with the variants of later plans, of which each is requested when a worker is free.

        Args:
            variants: What to train first.
            later: Plans of the same search with more and more trials.
            machine: What to train on.
            workers: How many at a time.
            gpus: The workers take turns at these.
        """
        begun: list[PlannedVariant] = []

        def stream() -> Iterator[list[str]]:
            waiting = variants
            while True:
                for variant in waiting:
                    begun.append(variant)
                    self.running.add(variant.name)
                    self.attempted.setdefault(variant.name, set()).update(variant.config.runs)
                    yield self._overrides(variant, machine)
                if (plan := next(later, None)) is None:
                    return
                waiting = self.left(plan)

        def ended(index: int, job: JobReturn) -> None:
            self.running.discard(begun[index].name)
            self._ended(begun[index], job)

        self.returned = self.launch(stream(), str(self.folder), workers, gpus, ended)
        self._log_left_to_others(begun)

    def _overrides(self, variant: PlannedVariant, machine: Machine) -> list[str]:
        """Of the Hydra job that trains a variant."""
        for run in variant_folder.unfinished(variant.config, self.folder / variant.folder):
            if files := run_folder.damaged(run_folder.folder_of(self.folder / variant.folder, run)):
                LOGGER.info(f"{variant.name}, {run}: damaged, trained again: {', '.join(files)}")
        job = [
            *variant.overrides,
            f"device={quoted(machine.device)}",
            f"backend={machine.backend}",
            f"engine={machine.engine}",
            f"threads={machine.threads}",
            f"planned={quoted(planned_text(variant.config))}",
            f"hydra.sweep.dir={quoted(str(self.folder))}",
            f"hydra.sweep.subdir={quoted(variant.folder)}",
        ]
        LOGGER.debug(f"{variant.name}: {' '.join(job)}")
        return job

    def _ended(self, variant: PlannedVariant, job: JobReturn) -> None:
        """Records the runs of a job that failed."""
        if job.status is not JobStatus.FAILED:
            return
        self.failed = True
        error = job._return_value
        LOGGER.error(f"variant {variant.name}: {type(error).__name__}: {error}")
        names = {"sweep": self.sweep, "variant": variant.name}
        status = getattr(error, "status", "failed")
        lost_runs.record_lost(self.folder / variant.folder, variant.config, names, status, str(error))

    def _log_left_to_others(self, variants: list[PlannedVariant]) -> None:
        for variant in variants:
            for run in variant.config.runs:
                state = run_folder.run_state(run_folder.folder_of(self.folder / variant.folder, run))
                if state.startswith("running"):
                    LOGGER.info(f"{variant.name}, {run}: left to another command, which is training it")
