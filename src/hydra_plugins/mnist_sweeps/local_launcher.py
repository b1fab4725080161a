"""`hydra/launcher=local`: each job in a worker process; Hydra finds plugins only here, the work is in `workers`."""

# No `from __future__ import annotations`: Hydra loads this file outside of sys.modules, and there
# dataclasses cannot resolve annotations that are strings.
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hydra.core.config_store import ConfigStore
from hydra.core.utils import JobReturn
from hydra.plugins.launcher import Launcher
from hydra.types import HydraContext, TaskFunction
from omegaconf import DictConfig


@dataclass
class LocalLauncherConf:
    """Worker processes, seconds a job may take, retries of a killed job, jobs a worker lives for."""

    _target_: str = "hydra_plugins.mnist_sweeps.local_launcher.LocalLauncher"
    workers: int | None = None  # one; our sweeper takes it from the key `workers`
    timeout: float | None = None
    retries: int = 0
    recycle: int = 20
    gpus: list[str] = field(default_factory=list)  # the workers take turns at them; each sees its own alone


ConfigStore.instance().store(group="hydra/launcher", name="local", node=LocalLauncherConf, provider="mnist_sweeps")


class LocalLauncher(Launcher):
    """Runs jobs in worker processes; a job that dies is one failed JobReturn."""

    def __init__(self, **settings: Any) -> None:
        self.settings = settings

    def setup(self, *, hydra_context: HydraContext, task_function: TaskFunction, config: DictConfig) -> None:
        """Keeps what Hydra hands over."""
        self.hydra_context, self.task_function, self.config = hydra_context, task_function, config

    def launch(self, job_overrides: Sequence[Sequence[str]], initial_job_idx: int) -> Sequence[JobReturn]:
        """A JobReturn for each job, in order; that of a lost job is FAILED with `workers.Lost` as its value."""
        return self.launch_stream(job_overrides, initial_job_idx, lambda index, returned: None)

    def launch_stream(
        self,
        job_overrides: Iterable[Sequence[str]],
        initial_job_idx: int,
        on_ended: Callable[[int, JobReturn], None],
    ) -> Sequence[JobReturn]:
        """As `launch`; a job is requested when a worker is free, after `on_ended` got the JobReturn of its last one."""
        from mnist_sweeps.runtime import workers
        from mnist_sweeps.storage import scratch
        from mnist_sweeps.sweeps.hydra_job import HydraJob, Numbered, requested, returned

        job = HydraJob.begin(self)
        jobs: list[Numbered] = []
        gpus = self.settings["gpus"]
        slots = [
            {"CUDA_VISIBLE_DEVICES": gpus[slot % len(gpus)]} if gpus else {}
            for slot in range(self.settings["workers"] or 1)
        ]
        rules = workers.Rules(*(self.settings[name] for name in ("timeout", "retries", "recycle")))
        with scratch.scratch_folder(Path(str(self.config.hydra.sweep.dir))) as temporary:
            slots = [{**slot, "TMPDIR": str(temporary)} for slot in slots]
            results = workers.run(
                job,
                requested(job_overrides, initial_job_idx, jobs),
                slots,
                rules,
                on_lost=lambda index, lost: job.record_lost(jobs[index], lost),
                on_ended=lambda index, result: on_ended(index, *returned([jobs[index]], [result])),
            )
        return returned(jobs, results)
