"""`hydra/launcher=local`: each job in a worker process; Hydra finds plugins only here, the work is in `workers`."""

# No `from __future__ import annotations`: Hydra loads this file outside of sys.modules, and there
# dataclasses cannot resolve annotations that are strings.
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hydra.core.config_store import ConfigStore
from hydra.core.hydra_config import HydraConfig
from hydra.core.singleton import Singleton
from hydra.core.utils import JobReturn, JobStatus, configure_log, filter_overrides, run_job, setup_globals
from hydra.plugins.launcher import Launcher
from hydra.types import HydraContext, TaskFunction
from omegaconf import DictConfig, OmegaConf, open_dict


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
    """Runs jobs in spawned worker processes; a job that dies is one failed JobReturn."""

    def __init__(self, **settings: Any) -> None:
        self.settings = settings

    def setup(self, *, hydra_context: HydraContext, task_function: TaskFunction, config: DictConfig) -> None:
        """Keeps what Hydra hands over."""
        self.hydra_context, self.task_function, self.config = hydra_context, task_function, config

    def launch(self, job_overrides: Sequence[Sequence[str]], initial_job_idx: int) -> Sequence[JobReturn]:
        """A JobReturn for each job, in order; that of a lost job is FAILED with `workers.Lost` as its value."""
        from mnist_sweeps.runtime import workers
        from mnist_sweeps.storage import run_folder, scratch

        setup_globals()
        configure_log(self.config.hydra.hydra_logging, self.config.hydra.verbose)
        sweep = Path(str(self.config.hydra.sweep.dir))
        sweep.mkdir(parents=True, exist_ok=True)
        jobs = [(initial_job_idx + index, list(overrides)) for index, overrides in enumerate(job_overrides)]
        gpus = self.settings["gpus"]
        slots = [
            {"CUDA_VISIBLE_DEVICES": gpus[slot % len(gpus)]} if gpus else {}
            for slot in range(self.settings["workers"] or 1)
        ]
        rules = workers.Rules(*(self.settings[name] for name in ("timeout", "retries", "recycle")))
        job = _Job(self.hydra_context, self.config, self.task_function, Singleton.get_state())

        def on_lost(index: int, lost: workers.Lost) -> None:
            run_folder.record_killed(job.folder(jobs[index]), lost.status, str(lost))

        with scratch.scratch_folder(sweep) as temporary:
            slots = [{**slot, "TMPDIR": str(temporary)} for slot in slots]
            results = workers.run(job, jobs, slots, rules, on_lost)
        return [
            _failed(overrides, result) if isinstance(result, workers.Lost) else result
            for (_, overrides), result in zip(jobs, results, strict=True)
        ]


@dataclass
class _Job:
    """What a worker needs to run any job of this launch."""

    context: HydraContext
    config: DictConfig
    task_function: TaskFunction
    singletons: dict[Any, Any]

    def __call__(self, job: tuple[int, list[str]]) -> JobReturn:
        """In the worker."""
        setup_globals()
        Singleton.set_state(self.singletons)
        composed = self._compose(job)
        HydraConfig.instance().set_config(composed)
        return run_job(
            hydra_context=self.context,
            task_function=self.task_function,
            config=composed,
            job_dir_key="hydra.sweep.dir",
            job_subdir_key="hydra.sweep.subdir",
        )

    def folder(self, job: tuple[int, list[str]]) -> Path:
        """Where the job writes."""
        composed = self._compose(job)
        return Path(
            str(OmegaConf.select(composed, "hydra.sweep.dir")), str(OmegaConf.select(composed, "hydra.sweep.subdir"))
        )

    def _compose(self, job: tuple[int, list[str]]) -> DictConfig:
        number, overrides = job
        composed = self.context.config_loader.load_sweep_config(self.config, overrides)
        with open_dict(composed):
            composed.hydra.job.id = f"{composed.hydra.job.name}_{number}"
            composed.hydra.job.num = number
        return composed


def _failed(overrides: list[str], lost: Exception) -> JobReturn:
    return JobReturn(overrides=list(filter_overrides(overrides)), status=JobStatus.FAILED, _return_value=lost)
