"""`hydra/launcher=slurm`: each job is one of Slurm's; the work is in `mnist_sweeps.sweeps.cluster_launch`."""

# No `from __future__ import annotations`: Hydra loads this file outside of sys.modules, and there
# dataclasses cannot resolve annotations that are strings.
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from hydra.core.config_store import ConfigStore
from hydra.core.utils import JobReturn
from hydra.plugins.launcher import Launcher
from hydra.types import HydraContext, TaskFunction
from omegaconf import DictConfig


@dataclass
class SlurmLauncherConf:
    """What each job asks Slurm for, in submitit's words; `sbatch` holds further options of sbatch."""

    _target_: str = "hydra_plugins.mnist_sweeps.slurm_launcher.SlurmLauncher"
    cluster: str = "slurm"
    partition: str | None = None
    timeout_min: int = 60
    cpus_per_task: int = 1
    gpus_per_node: int = 0
    mem_gb: float = 4
    array_parallelism: int = 256
    max_num_timeout: int = 3
    sbatch: dict[str, Any] = field(default_factory=dict)


ConfigStore.instance().store(group="hydra/launcher", name="slurm", node=SlurmLauncherConf, provider="mnist_sweeps")


class SlurmLauncher(Launcher):
    """Runs jobs under Slurm; a job that is lost for good is one failed JobReturn."""

    def __init__(self, **settings: Any) -> None:
        self.settings = settings

    @staticmethod
    def reserved(settings: Any) -> Any:
        """What the cluster reserves for each job; a ConfigError where submitit is not installed."""
        from mnist_sweeps.sweeps.cluster_launch import slurm_reserved

        return slurm_reserved(settings)

    def setup(self, *, hydra_context: HydraContext, task_function: TaskFunction, config: DictConfig) -> None:
        """Keeps what Hydra hands over."""
        self.hydra_context, self.task_function, self.config = hydra_context, task_function, config

    def launch(self, job_overrides: Sequence[Sequence[str]], initial_job_idx: int) -> Sequence[JobReturn]:
        """A JobReturn for each job, in order; that of a lost job is FAILED with `workers.Lost` as its value."""
        from mnist_sweeps.sweeps.cluster_launch import run_on_slurm
        from mnist_sweeps.sweeps.hydra_job import HydraJob, requested, returned

        job = HydraJob.begin(self)
        jobs = list(requested(job_overrides, initial_job_idx, []))
        return returned(jobs, run_on_slurm(job, jobs, self.settings))
