"""`hydra/launcher=ray`: each job on a node of a Ray cluster; the work is in `mnist_sweeps.sweeps.cluster_launch`."""

# No `from __future__ import annotations`: Hydra loads this file outside of sys.modules, and there
# dataclasses cannot resolve annotations that are strings.
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from hydra.core.config_store import ConfigStore
from hydra.core.utils import JobReturn
from hydra.plugins.launcher import Launcher
from hydra.types import HydraContext, TaskFunction
from omegaconf import DictConfig


@dataclass
class RayLauncherConf:
    """The cluster, what a job takes of it, seconds and retries that it has, jobs that a worker lives for."""

    _target_: str = "hydra_plugins.mnist_sweeps.ray_launcher.RayLauncher"
    address: str | None = None
    num_cpus: float = 1
    num_gpus: float = 0
    timeout: float | None = None
    retries: int = 3
    recycle: int = 20
    copy_results: bool = False


ConfigStore.instance().store(group="hydra/launcher", name="ray", node=RayLauncherConf, provider="mnist_sweeps")


class RayLauncher(Launcher):
    """Runs jobs as tasks of a Ray cluster; a job that is lost for good is one failed JobReturn."""

    def __init__(self, **settings: Any) -> None:
        self.settings = settings

    @staticmethod
    def reserved(settings: Any) -> Any:
        """What the cluster reserves for each job; a ConfigError where Ray is not installed."""
        from mnist_sweeps.sweeps.cluster_launch import ray_reserved

        return ray_reserved(settings)

    def setup(self, *, hydra_context: HydraContext, task_function: TaskFunction, config: DictConfig) -> None:
        """Keeps what Hydra hands over."""
        self.hydra_context, self.task_function, self.config = hydra_context, task_function, config

    def launch(self, job_overrides: Sequence[Sequence[str]], initial_job_idx: int) -> Sequence[JobReturn]:
        """A JobReturn for each job, in order; that of a lost job is FAILED with `workers.Lost` as its value."""
        from mnist_sweeps.sweeps.cluster_launch import AHEAD

        return self._launch(job_overrides, initial_job_idx, lambda index, returned: None, AHEAD)

    def launch_stream(
        self,
        job_overrides: Iterable[Sequence[str]],
        initial_job_idx: int,
        on_ended: Callable[[int, JobReturn], None],
    ) -> Sequence[JobReturn]:
        """As `launch`; a job is requested when the cluster can run it, after `on_ended` got each JobReturn so far."""
        return self._launch(job_overrides, initial_job_idx, on_ended, ahead=0)

    def _launch(
        self,
        job_overrides: Iterable[Sequence[str]],
        initial_job_idx: int,
        on_ended: Callable[[int, JobReturn], None],
        ahead: int,
    ) -> Sequence[JobReturn]:
        from mnist_sweeps.sweeps.cluster_launch import run_on_ray
        from mnist_sweeps.sweeps.hydra_job import HydraJob, Numbered, requested, returned

        job = HydraJob.begin(self)
        jobs: list[Numbered] = []
        results = run_on_ray(
            job,
            requested(job_overrides, initial_job_idx, jobs),
            self.settings,
            lambda index, result: on_ended(index, *returned([jobs[index]], [result])),
            ahead,
        )
        return returned(jobs, results)
