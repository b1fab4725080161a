"""Runs a sweep: plan, dry run, training, report."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from hydra.core.utils import JobReturn, JobStatus

from mnist_sweeps import report
from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.config.schema import RunKey
from mnist_sweeps.job import missing_figures
from mnist_sweeps.planning.explain_errors import merge_equal_faults
from mnist_sweeps.planning.override_values import quoted
from mnist_sweeps.planning.planned_config import planned_text
from mnist_sweeps.planning.planner import Planner
from mnist_sweeps.planning.seeds import extended, with_seeds
from mnist_sweeps.planning.sweep_plan import PlannedVariant, SweepPlan
from mnist_sweeps.report.tables import text
from mnist_sweeps.runtime.device import Machine, shared_gpus
from mnist_sweeps.runtime.messages import LOGGER
from mnist_sweeps.runtime.reserved import Reserved
from mnist_sweeps.storage import lost_runs, run_folder
from mnist_sweeps.storage.run_lock import lock_run
from mnist_sweeps.storage.sweep_file import write_sweep_file
from mnist_sweeps.sweeps import continued, cost, decide_loop, resume, reuse, search_loop, warm_up
from mnist_sweeps.sweeps.choose_machine import choose_machine, choose_workers, expected_machine
from mnist_sweeps.sweeps.dry_run import Built, dry_run
from mnist_sweeps.sweeps.progress import Progress
from mnist_sweeps.sweeps.record_plan import record_plan
from mnist_sweeps.sweeps.search_stream import SearchStream
from mnist_sweeps.tracking import trackers
from mnist_sweeps.tracking.tracking import Tracking

SECONDS_TO_RECORD = 10.0  # of another command, before this one gives up

# Takes jobs' overrides, folder, workers, their GPUs; with lazy jobs also what is called with each place and JobReturn.
Launch = Callable[..., Any]


class RunsFailed(Exception):
    """Some runs of the sweep failed (its report says which and why), or figures, or the report is not written."""


def sweep(
    arguments: list[str],
    launch: Launch,
    recycle: int | None = 20,
    config_name: str = "config",
    reserved: Reserved | None = None,
) -> Any:
    """What the launcher returned for the variants that were trained, after the report is printed.

    Args:
        arguments: Overrides of the command line.
        launch: Trains jobs, see `Launch`.
        recycle: Jobs that a worker process of the launcher lives for; None where it has no workers on this machine.
        config_name: Of the primary config.
        reserved: What a cluster reserves for each job; None where jobs run on this machine.

    Raises:
        ConfigError: A variant cannot be trained; nothing was.
        RunsFailed: The report is written, but not all runs completed.
    """
    return SweepDriver(Planner(arguments, config_name), launch, recycle, reserved).run()


class SweepDriver:
    """Plans a sweep, trains what is missing, and writes the report.

    A sweep has one round; a search has one for each draw of trials, a sweep until decided one for each time that seeds
    are added. Nothing is built or trained where every run exists.
    """

    def __init__(self, planner: Planner, launch: Launch, recycle: int | None, reserved: Reserved | None = None) -> None:
        self.launch, self.recycle, self.reserved = launch, recycle, reserved
        self.planner = planner
        self.plan = self.planner.plan()
        self.folder = self.plan.folder
        if self.plan.fresh:
            self.folder = resume.dated(self.folder)
            self.plan = replace(self.plan, name=self.folder.name)
        elif (record := resume.earlier(self.folder)) and record.extended and not self.plan.until:
            self.plan = extended(self.plan, record.extended)
        chosen = trackers.names(self.plan.rows[0].config.tracker)
        trackers.require(chosen)
        self.tracking = Tracking(chosen, self.folder)
        self.built: list[Built] = []  # one for each variant of the plan, once one must be trained
        self.attempted: dict[str, set[RunKey]] = {}  # by variant: the same command does not train a failed run again
        self.sweep_file_changed = False
        self.job_failed = False  # also one whose runs completed
        self.warmed_up_for: Machine | None = None
        self.returned: Any = []  # by the launcher, in the last round that trained
        search = self.plan.sweep.search
        self.stream = SearchStream(planner, self.plan, self.folder) if search and search.asynchronous else None
        if self.stream and not recycle:
            raise ConfigError(
                "sweep.search.asynchronous=true: trials are drawn one by one for the workers of hydra/launcher=local; "
                "take that launcher, or asynchronous: false"
            )

    def run(self) -> Any:
        """What the launcher returned in the last round that trained."""
        LOGGER.debug(
            f"{self.plan.name}: {len(self.plan.rows)} variants planned, {len(self.plan.to_train)} of them differ"
        )
        for line in self.plan.announcements:
            LOGGER.info(line)
        continued.require_states(self.plan, self.folder)
        try:
            if self.stream:
                plans = (replace(plan, name=self.plan.name) for plan in self.stream.plans())
                for plan in plans:
                    self._train_round(plan, plans)
            for plan in self._rounds():
                self._train_round(replace(plan, name=self.plan.name))
        finally:
            warm_up.stop()
        self._finish()
        return self.returned

    def _rounds(self) -> Iterable[SweepPlan]:
        """The plans to train, one after the other."""
        if self.plan.study:
            return search_loop.rounds(self.planner, self.plan, self.folder)
        return decide_loop.rounds(self.plan, self.folder) if self.plan.until else [self.plan]

    def _train_round(self, plan: SweepPlan, later: Iterator[SweepPlan] | None = None) -> None:
        """Trains the variants of a plan that have missing runs; sweep.yaml is written before.

        Args:
            plan: The sweep as far as it is known.
            later: Of an asynchronous search the plans with further trials, each requested when a worker is free.
        """
        if copied := reuse.reuse(plan, self.folder):
            LOGGER.info(copied)
        kept = resume.kept(plan, self.folder)
        variants = [left for variant in plan.to_train if (left := self._left(variant))]
        began = resume.machine(self.folder, plan)
        workers = choose_workers(self.plan, began) if self.recycle else 1
        starting = workers if later else min(workers, len(variants))
        if variants and not self.built:
            self._warm_up(expected_machine(self.plan, began, workers), starting)
            self.built = checked(self.plan)
            for variant, built in zip(self.plan.rows, self.built, strict=True):
                LOGGER.debug(f"{variant.name}: built, {built.parameters:,} parameters, {built.data}")
        if began and not variants:
            machine = began
        else:
            machine = choose_machine(self.plan, began, self.built, workers, self.reserved)
            if self.reserved:
                self.reserved.check()
        if not (variants or self.attempted):
            for path in sorted({row.config.data.path or "" for row in plan.rows} - {""}):
                LOGGER.info(f"data.path={path}: not read, as no run is missing")
        if kept and not self.attempted:
            LOGGER.info(resume.summary(kept))
        resume.tidy(self.folder)
        resume.make_room(plan, self.folder)
        self.sweep_file_changed |= self._record(plan, machine)
        if variants:
            self._warm_up(machine, starting)
            if not self.attempted:
                LOGGER.info(_announcement(plan, self.folder, machine, workers))
            self.returned = self._train(plan, variants, machine, workers, later)
        for variant in plan.rows:
            self.attempted.setdefault(variant.name, set()).update(variant.config.runs)

    def _left(self, variant: PlannedVariant) -> PlannedVariant | None:
        """The variant with the seeds that are new to this command; None where there is nothing to train."""
        if variant.name not in self.attempted:
            return None if _is_complete(variant, self.folder) else variant
        new = [run.seed for run in variant.config.runs if run not in self.attempted[variant.name]]
        added = with_seeds(variant, new) if new else None
        return None if added is None or _is_complete(added, self.folder) else added

    def _warm_up(self, machine: Machine, workers: int) -> None:
        """Starts what imports the backend; once for each machine, and so again only where another one was expected."""
        if self.recycle and machine != self.warmed_up_for:
            warm_up.start(machine, workers, self.recycle)
            self.warmed_up_for = machine

    def _record(self, plan: SweepPlan, machine: Machine) -> bool:
        """Whether sweep.yaml is another one now; single trainings share theirs."""
        record = resume.with_dropped(record_plan(plan, machine), self.folder)
        if not self.planner.is_single_training:
            return write_sweep_file(record, self.folder)
        with lock_run(self.folder, SECONDS_TO_RECORD):  # two commands may add their rows at the same time
            return write_sweep_file(resume.with_earlier_trainings(record, self.folder), self.folder)

    def _train(
        self,
        plan: SweepPlan,
        variants: list[PlannedVariant],
        machine: Machine,
        workers: int,
        later: Iterator[SweepPlan] | None,
    ) -> Any:
        """What the launcher returned; at Ctrl-C the report of what exists is written first.

        Several workers take the variants with the most work first, so that no worker is left alone with a long one.
        """
        seconds = self._seconds_per_run(plan)
        if (workers > 1 or self.reserved) and later is None:
            variants = sorted(variants, key=lambda variant: -seconds[variant.name] * len(variant.config.runs))
        jobs = [_job(variant, self.folder, machine) for variant in variants]
        self._log_damaged(variants)
        for variant, job in zip(variants, jobs, strict=True):
            LOGGER.debug(f"{variant.name}: {' '.join(job)}")
        gpus = [] if self.reserved else shared_gpus(plan.rows[0].config, machine)
        try:
            shown = replace(plan, rows=variants) if plan.until else plan
            with self.tracking, Progress(shown, self.folder, seconds, self.tracking.add) as progress:
                if later is None:
                    returned = self.launch(jobs, str(self.folder), min(workers, len(jobs)), gpus)
                else:
                    stream = self._stream_of_jobs(variants, later, machine, progress)
                    returned = self.launch(
                        stream, str(self.folder), workers, gpus, lambda index, job: self._ended(variants[index], job)
                    )
        except KeyboardInterrupt:
            stopped = report.read(self.folder)
            print(text.render(stopped), flush=True)
            report.write_files(stopped)
            raise
        if later is None:
            for variant, job in zip(variants, returned, strict=True):
                self._ended(variant, job)
        self._log_left_to_others(variants)
        return returned

    def _stream_of_jobs(
        self, variants: list[PlannedVariant], later: Iterator[SweepPlan], machine: Machine, progress: Progress
    ) -> Iterator[list[str]]:
        """The jobs of variants, to which those of later plans are added; a plan is requested when no job is left."""
        assert self.stream is not None
        begun = 0
        while True:
            for variant in variants[begun:]:
                begun += 1
                self.stream.running.add(variant.name)
                self.attempted.setdefault(variant.name, set()).update(variant.config.runs)
                yield _job(variant, self.folder, machine)
            if (plan := next(later, None)) is None:
                return
            reuse.reuse(plan, self.folder)
            resume.kept(plan, self.folder)
            self.sweep_file_changed |= self._record(plan, machine)
            variants += [left for variant in plan.to_train if (left := self._left(variant))]
            progress.add(plan, self._seconds_per_run(plan))

    def _ended(self, variant: PlannedVariant, job: JobReturn) -> None:
        """Records the runs of a job that failed."""
        if self.stream:
            self.stream.running.discard(variant.name)
        if job.status is JobStatus.FAILED:
            self.job_failed = True
            self._record_lost(variant, job._return_value)

    def _log_damaged(self, variants: list[PlannedVariant]) -> None:
        for variant in variants:
            for run in run_folder.unfinished(variant.config, self.folder / variant.folder):
                if files := run_folder.damaged(run_folder.folder_of(self.folder / variant.folder, run)):
                    LOGGER.info(f"{variant.name}, {run}: damaged, trained again: {', '.join(files)}")

    def _log_left_to_others(self, variants: list[PlannedVariant]) -> None:
        for variant in variants:
            for run in variant.config.runs:
                state = run_folder.run_state(run_folder.folder_of(self.folder / variant.folder, run))
                if state.startswith("running"):
                    LOGGER.info(f"{variant.name}, {run}: left to another command, which is training it")

    def _seconds_per_run(self, plan: SweepPlan) -> dict[str, float]:
        """By variant; a trial, which was not built, counts as the largest variant of its search space."""
        built = dict(zip((variant.name for variant in self.plan.rows), self.built, strict=True))
        largest = max(self.built, key=lambda result: result.multiplies)
        return {
            variant.name: cost.seconds(variant.config, built.get(variant.name, largest), self.folder / variant.folder)
            for variant in plan.rows
        }

    def _record_lost(self, variant: PlannedVariant, error: Exception) -> None:
        LOGGER.error(f"variant {variant.name}: {type(error).__name__}: {error}")
        names = {"sweep": self.plan.name, "variant": variant.name}
        status = getattr(error, "status", "failed")
        lost_runs.record_lost(self.folder / variant.folder, variant.config, names, status, str(error))

    def _finish(self) -> None:
        """Prints the report, writes it where anything changed, draws missing figures, and tells the trackers."""
        finished = report.read(self.folder)
        print(text.render(finished), flush=True)
        missing = not all((self.folder / name).exists() for name in report.FILES)
        stale = self.returned or self.sweep_file_changed or missing
        try:
            if stale:
                report.write_files(finished)
        except OSError as error:
            raise RunsFailed(f"{self.folder}: the report is not written: {error}") from error
        LOGGER.debug(f"{self.folder}: report {'written' if stale else 'up to date'}")
        drawn = missing_figures.draw({row.name: row.folder for row in finished.rows if row.same_as is None})
        self.tracking.finish()
        mine = [row for row in finished.rows if row.name in self.attempted and self.plan.is_chosen(row.name)]
        if self.job_failed or not drawn or any(row.status != "completed" for row in mine):
            raise RunsFailed


def _is_complete(variant: PlannedVariant, folder: Path) -> bool:
    return run_folder.is_complete(variant.config, folder / variant.folder)


def _announcement(plan: SweepPlan, folder: Path, machine: Machine, workers: int) -> str:
    """What the command is about to do; trials of a search that are not drawn yet are counted separately."""
    count = sum(len(run_folder.unfinished(variant.config, folder / variant.folder)) for variant in plan.to_train)
    more = f", then {plan.ahead} more trials," if plan.ahead else ""
    several = f", {workers} workers" if workers > 1 else ""
    return f"{plan.name}: {count} runs{more} in {folder} · {machine}{several}"


def checked(plan: SweepPlan) -> list[Built]:
    """What each variant builds to.

    Raises:
        ConfigError: A line for each different fault of variants that cannot be built.
    """
    built = dry_run([variant.config for variant in plan.rows])
    pairs = zip(plan.rows, built, strict=True)
    faults = [(f"row {variant.name}", result.fault) for variant, result in pairs if result.fault]
    if faults:
        raise ConfigError("\n".join(merge_equal_faults(faults) if len(built) > 1 else [faults[0][1]]))
    return built


def _job(variant: PlannedVariant, folder: Path, machine: Machine) -> list[str]:
    """The overrides of a Hydra job."""
    return [
        *variant.overrides,
        f"device={quoted(machine.device)}",
        f"backend={machine.backend}",
        f"engine={machine.engine}",
        f"threads={machine.threads}",
        f"planned={quoted(planned_text(variant.config))}",
        f"hydra.sweep.dir={quoted(str(folder))}",
        f"hydra.sweep.subdir={quoted(variant.folder)}",
    ]
