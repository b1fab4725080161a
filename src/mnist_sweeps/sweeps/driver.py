"""Runs a sweep: plan, dry run, training, report."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.job.early_figures import EarlyFigures
from mnist_sweeps.planning.explain_errors import merge_equal_faults
from mnist_sweeps.planning.planner import Planner
from mnist_sweeps.planning.seeds import extended
from mnist_sweeps.planning.sweep_plan import PlannedVariant, SweepPlan
from mnist_sweeps.runtime.device import Machine, shared_gpus
from mnist_sweeps.runtime.messages import LOGGER
from mnist_sweeps.runtime.reserved import Reserved
from mnist_sweeps.storage import variant_folder
from mnist_sweeps.sweeps import continued, cost, decide_loop, finish, resume, reuse, search_loop, warm_up
from mnist_sweeps.sweeps.choose_machine import choose_machine, choose_workers, expected_machine
from mnist_sweeps.sweeps.dry_run import Built, dry_run
from mnist_sweeps.sweeps.finish import RunsFailed
from mnist_sweeps.sweeps.jobs import Jobs, Launch
from mnist_sweeps.sweeps.progress import Progress
from mnist_sweeps.sweeps.search_stream import SearchStream
from mnist_sweeps.sweeps.write_plan import write_plan, write_training
from mnist_sweeps.tracking import trackers
from mnist_sweeps.tracking.tracking import Tracking


def sweep(
    arguments: list[str],
    launch: Launch,
    recycle: int | None = 20,
    config_name: str = "config",
    reserved: Reserved | None = None,
    one_by_one: bool = True,
) -> Any:
    """What the launcher returned for the variants that were trained, after the report is printed.

    Args:
        arguments: Overrides of the command line.
        launch: Trains jobs, see `Launch`.
        recycle: Jobs that a worker process of the launcher lives for; None where it has no workers on this machine.
        config_name: Of the primary config.
        reserved: What a cluster reserves for each job; None where jobs run on this machine.
        one_by_one: Whether the launcher requests a job when it can run it, and not all jobs at once.

    Raises:
        ConfigError: A variant cannot be trained; nothing was.
        RunsFailed: The report is written, but not all runs completed.
    """
    driver = SweepDriver(Planner(arguments, config_name), launch, recycle, reserved)
    if driver.asynchronous and not one_by_one:
        raise ConfigError(
            "sweep.search.asynchronous=true: needs hydra/launcher=local or ray, which take trials one by one; "
            "or write asynchronous: false"
        )
    return driver.run()


class SweepDriver:
    """Plans a sweep, trains what is missing, and writes the report.

    A sweep has one round; a search has one for each draw of trials, a sweep until decided one for each time that seeds
    are added. Nothing is built or trained where every run exists.
    """

    def __init__(self, planner: Planner, launch: Launch, recycle: int | None, reserved: Reserved | None = None) -> None:
        self.recycle, self.reserved = recycle, reserved
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
        self.jobs = Jobs(self.plan.name, self.folder, launch)
        self.figures = EarlyFigures()
        self.built: list[Built] = []  # one for each variant of the plan, once one must be trained
        self.sweep_file_changed = False
        self.warmed_up_for: Machine | None = None
        search = self.plan.sweep.search
        self.asynchronous = bool(search and search.asynchronous)

    def run(self) -> Any:
        """What the launcher returned in the last round that trained."""
        LOGGER.debug(
            f"{self.plan.name}: {len(self.plan.rows)} variants planned, {len(self.plan.to_train)} of them differ"
        )
        for line in self.plan.announcements:
            LOGGER.info(line)
        continued.require_states(self.plan, self.folder)
        with self.figures:
            self._train_rounds()
            self._finish()
        return self.jobs.returned

    def _train_rounds(self) -> None:
        try:
            if self.asynchronous:
                stream = SearchStream(self.planner, self.plan, self.folder, self.jobs.running)
                plans = (replace(plan, name=self.plan.name) for plan in stream.plans())
                for plan in plans:
                    self._train_round(plan, plans)
            for plan in self._rounds():
                self._train_round(replace(plan, name=self.plan.name))
        finally:
            warm_up.stop()

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
        variants = self.jobs.left(plan)
        began = resume.machine(self.folder, plan)
        workers = choose_workers(self.plan, began) if self.recycle else 1
        starting = workers if later else min(workers, len(variants))
        if variants and not self.built:
            if self.recycle:
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
        if not (variants or self.jobs.attempted):
            for path in sorted({row.config.data.path or "" for row in plan.rows} - {""}):
                LOGGER.info(f"data.path={path}: not read, as no run is missing")
        if kept and not self.jobs.attempted:
            LOGGER.info(resume.summary(kept))
        resume.tidy(self.folder)
        resume.make_room(plan, self.folder)
        self._record(plan, machine)
        if variants:
            self._warm_up(machine, starting)
            if not self.jobs.attempted:
                LOGGER.info(_announcement(plan, self.folder, machine, workers))
            self._train(plan, variants, machine, workers, later)
        self.jobs.add_attempted(plan)

    def _warm_up(self, machine: Machine, workers: int) -> None:
        """Starts what imports the backend; once for each machine, and so again only where another one was expected."""
        if self.recycle and machine != self.warmed_up_for:
            warm_up.start(machine, workers, self.recycle)
            self.warmed_up_for = machine

    def _record(self, plan: SweepPlan, machine: Machine) -> None:
        """Writes sweep.yaml; single trainings share theirs."""
        write = write_training if self.planner.is_single_training else write_plan
        self.sweep_file_changed |= write(plan, machine, self.folder)

    def _train(
        self,
        plan: SweepPlan,
        variants: list[PlannedVariant],
        machine: Machine,
        workers: int,
        later: Iterator[SweepPlan] | None,
    ) -> None:
        """At Ctrl-C the report of what exists is written first.

        Several workers take the variants with the most work first, so that no worker is left alone with a long one.
        """
        seconds = self._seconds_per_run(plan)
        gpus = [] if self.reserved else shared_gpus(plan.rows[0].config, machine)
        shown = replace(plan, rows=variants) if plan.until else plan
        if self.recycle and len(plan.to_train) > 1 and not plan.until:  # there a complete variant may get more seeds
            self.figures.start()
        try:
            with self.tracking, Progress(shown, self.folder, seconds, self.tracking.add, self.figures.add) as progress:
                if later is not None:
                    self.jobs.train_stream(variants, self._recorded(later, machine, progress), machine, workers, gpus)
                    return
                if workers > 1 or self.reserved:
                    variants = sorted(variants, key=lambda variant: -seconds[variant.name] * len(variant.config.runs))
                self.jobs.train(variants, machine, workers, gpus)
        except KeyboardInterrupt:
            finish.stop(self.folder)
            raise

    def _recorded(self, later: Iterator[SweepPlan], machine: Machine, progress: Progress) -> Iterator[SweepPlan]:
        """The plans of an asynchronous search; sweep.yaml has each before its trial is trained."""
        for plan in later:
            reuse.reuse(plan, self.folder)
            resume.kept(plan, self.folder)
            self._record(plan, machine)
            progress.add(plan, self._seconds_per_run(plan))
            yield plan

    def _seconds_per_run(self, plan: SweepPlan) -> dict[str, float]:
        """By variant."""
        built = dict(zip((variant.name for variant in self.plan.rows), self.built, strict=True))
        return cost.seconds_by_variant(plan.rows, built, self.folder)

    def _finish(self) -> None:
        """Reports what came of the sweep, and tells the trackers.

        Raises:
            RunsFailed: Not all runs of this command completed, or not every figure is drawn.
        """
        changed = bool(self.jobs.returned) or self.sweep_file_changed
        finished, drawn = finish.finish(self.folder, changed, self.figures)
        self.tracking.finish()
        mine = [row for row in finished.rows if row.name in self.jobs.attempted and self.plan.is_chosen(row.name)]
        if self.jobs.failed or not drawn or any(row.status != "completed" for row in mine):
            raise RunsFailed


def _announcement(plan: SweepPlan, folder: Path, machine: Machine, workers: int) -> str:
    """What the command is about to do; trials of a search that are not drawn yet are counted separately."""
    count = sum(len(variant_folder.unfinished(variant.config, folder / variant.folder)) for variant in plan.to_train)
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
