"""A Hydra job as a launcher of ours runs it: composed, then run in whatever process the launcher has for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hydra.core.hydra_config import HydraConfig
from hydra.core.singleton import Singleton
from hydra.core.utils import JobReturn, JobStatus, configure_log, filter_overrides, run_job, setup_globals
from hydra.types import HydraContext, TaskFunction
from omegaconf import DictConfig, OmegaConf, open_dict

from mnist_sweeps.runtime.workers import Lost
from mnist_sweeps.storage import lost_runs

Numbered = tuple[int, list[str]]  # a job's number in the sweep, and its overrides


def requested(job_overrides: Iterable[Sequence[str]], first: int, jobs: list[Numbered]) -> Iterator[Numbered]:
    """The jobs of a launch, one by one.

    Args:
        job_overrides: The overrides of each job.
        first: The number of the first job.
        jobs: Gets each job when it is requested.
    """
    for number, overrides in enumerate(job_overrides, start=first):
        jobs.append((number, list(overrides)))
        yield jobs[-1]


def returned(jobs: Sequence[Numbered], results: Sequence[Any]) -> list[JobReturn]:
    """A JobReturn for each job; that of a lost one is FAILED, with the `Lost` as its value.

    Args:
        jobs: In the order of the launch.
        results: A JobReturn or a `Lost` for each.
    """
    return [
        JobReturn(overrides=list(filter_overrides(overrides)), status=JobStatus.FAILED, _return_value=result)
        if isinstance(result, Lost)
        else result
        for (_, overrides), result in zip(jobs, results, strict=True)
    ]


@dataclass
class HydraJob:
    """What a worker needs to run any job of a launch."""

    context: HydraContext
    config: DictConfig
    task_function: TaskFunction
    singletons: dict[Any, Any] = field(default_factory=Singleton.get_state)

    @classmethod
    def begin(cls, launcher: Any) -> HydraJob:
        """In the driver, before a launch: what its workers need, once the sweep's folder is made.

        Args:
            launcher: A Hydra launcher that was set up.
        """
        job = cls(launcher.hydra_context, launcher.config, launcher.task_function)
        setup_globals()
        configure_log(job.config.hydra.hydra_logging, job.config.hydra.verbose)
        Path(str(job.config.hydra.sweep.dir)).mkdir(parents=True, exist_ok=True)
        return job

    def __call__(self, job: Numbered) -> JobReturn:
        """In the worker: composes a job and runs it."""
        self._restore()
        return self.run(self.compose(job))

    def compose(self, job: Numbered) -> DictConfig:
        """The configuration of a job, by the files of this machine."""
        number, overrides = job
        composed = self.context.config_loader.load_sweep_config(self.config, overrides)
        with open_dict(composed):
            composed.hydra.job.id = f"{composed.hydra.job.name}_{number}"
            composed.hydra.job.num = number
        return composed

    def run(self, composed: DictConfig) -> JobReturn:
        """In the worker: runs a job that is composed already."""
        self._restore()
        HydraConfig.instance().set_config(composed)
        return run_job(
            hydra_context=self.context,
            task_function=self.task_function,
            config=composed,
            job_dir_key="hydra.sweep.dir",
            job_subdir_key="hydra.sweep.subdir",
        )

    def record_lost(self, job: Numbered, lost: Lost) -> None:
        """Records the runs that a lost job had begun."""
        lost_runs.record_killed(folder_of(self.compose(job)), lost.status, str(lost))

    def _restore(self) -> None:
        setup_globals()
        Singleton.set_state(self.singletons)


def folder_of(composed: DictConfig) -> Path:
    """Where a composed job writes."""
    return Path(*(str(OmegaConf.select(composed, key)) for key in ("hydra.sweep.dir", "hydra.sweep.subdir")))
