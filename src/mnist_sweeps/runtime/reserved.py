"""What a cluster reserves for each job, in place of the cores and GPUs of this machine."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec

from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.config.schema import Config
from mnist_sweeps.runtime.device import Machine, installed_backend


@dataclass(frozen=True)
class Reserved:
    """CPUs and GPUs of a job; `gpus_key` is the launcher's setting for the latter.

    `check` is called once, before anything is trained; it raises a `ConfigError` where the cluster has no such node.
    """

    cpus: float
    gpus: float
    gpus_key: str
    check: Callable[[], None]

    def machine(self, config: Config, faster: str) -> Machine:
        """The machine of each job; as `device.resolve`, but nothing is asked of this machine except its packages.

        Args:
            config: `auto` takes a GPU where the job has one; `threads` are as many as the job's CPUs.
            faster: The backend that trains the sweep fastest on a CPU.

        Raises:
            ConfigError: A device that the job does not have.
        """
        kind, _, number = config.device.partition(":")
        if kind == "gpu" and not self.gpus:
            raise ConfigError(
                f"device={config.device}: {self.gpus_key}=0 gives a job no GPU; "
                f"write {self.gpus_key}=1, device=cpu or device=auto"
            )
        if kind == "cpu" and self.gpus:
            raise ConfigError(f"device=cpu: {self.gpus_key}={self.gpus:g} reserves a GPU; leave one of them out")
        if int(number or 0):
            raise ConfigError(f"device={config.device}: the cluster chooses the GPU of each job; write device=gpu")
        if self.gpus and find_spec("jax"):
            faster = "jax"  # which trains seeds together on a GPU
        return Machine(
            backend=installed_backend(config.backend, faster),
            device="gpu:0" if self.gpus else "cpu",
            threads=config.threads or max(1, int(self.cpus)),
            engine=config.engine if config.engine != "auto" else "compiled",
        )
