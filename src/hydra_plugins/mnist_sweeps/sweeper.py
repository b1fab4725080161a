"""The sweeper behind `sweep=NAME`: Hydra finds plugins only here; the work is in `mnist_sweeps.sweeps.driver`."""

# No `from __future__ import annotations`: Hydra loads this file outside of sys.modules, and there
# dataclasses cannot resolve annotations that are strings.
from dataclasses import dataclass, field
from typing import Any

from hydra.core.config_store import ConfigStore
from hydra.plugins.sweeper import Sweeper
from hydra.types import HydraContext, TaskFunction
from omegaconf import DictConfig


@dataclass
class SweeperConf:
    """What `hydra/sweeper=mnist_sweeps` stands for; `params` are overrides, as for Hydra's basic sweeper."""

    _target_: str = "hydra_plugins.mnist_sweeps.sweeper.MnistSweeper"
    params: dict[str, Any] = field(default_factory=dict)


ConfigStore.instance().store(group="hydra/sweeper", name="mnist_sweeps", node=SweeperConf, provider="mnist_sweeps")


class MnistSweeper(Sweeper):
    """Plans the rows, checks them all, and hands one job each to Hydra's launcher."""

    def __init__(self, params: dict[str, Any] | None = None) -> None:
        """Takes what the plan reads from the configuration itself."""

    def setup(self, *, hydra_context: HydraContext, task_function: TaskFunction, config: DictConfig) -> None:
        """Keeps what Hydra hands over."""
        self.hydra_context, self.task_function, self.config = hydra_context, task_function, config

    def sweep(self, arguments: list[str]) -> Any:
        """What the jobs returned; see `mnist_sweeps.sweeps.driver.sweep`."""
        # Every Hydra app in the environment imports this file: nothing of ours at the top.
        from hydra.core.plugins import Plugins
        from hydra.utils import get_class

        from mnist_sweeps.sweeps.driver import sweep

        # Hydra hands over the task's overrides alone.
        arguments = [*self.config.hydra.overrides.hydra, *arguments]
        settings = self.config.hydra.launcher
        several = "gpus" in settings  # `local`; Hydra's basic launcher has neither workers nor GPUs
        launcher_class: Any = get_class(settings._target_)
        reserved = launcher_class.reserved(settings) if hasattr(launcher_class, "reserved") else None
        if several and settings.workers is not None:
            arguments = [f"workers={settings.workers}", *arguments]

        def launch(jobs: Any, folder: str, workers: int, gpus: list[str], on_ended: Any = None) -> Any:
            self.config.hydra.sweep.dir = folder
            if several:
                settings.workers = workers
                settings.gpus = settings.gpus or gpus
            launcher = Plugins.instance().instantiate_launcher(
                hydra_context=self.hydra_context, task_function=self.task_function, config=self.config
            )
            return launcher.launch_stream(jobs, 0, on_ended) if on_ended else launcher.launch(jobs, initial_job_idx=0)

        config_name = self.config.hydra.job.config_name
        recycle = settings.recycle if several else None
        one_by_one = hasattr(launcher_class, "launch_stream")
        return sweep(arguments, launch, recycle, config_name, reserved, one_by_one)
