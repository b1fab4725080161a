"""The Ray cluster that this process is connected to: its address, its size, what a job may take of it."""

from __future__ import annotations

import logging
import os
import signal
from dataclasses import dataclass

import ray

from mnist_sweeps.config.errors import ConfigError


@dataclass(frozen=True)
class Share:
    """Of a cluster, for each job."""

    num_cpus: float
    num_gpus: float


def connect(address: str | None) -> None:
    """Connects this process to a cluster, once; signals are handled as before.

    Args:
        address: As `ray.init` takes it: `auto`, `host:6379`, `ray://host:10001`; None starts Ray on this machine.

    Raises:
        ConfigError: There is no cluster at the address.
    """
    if ray.is_initialized():
        return
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")  # else Ray warns that it will be the default
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        ray.init(address=address or "local", log_to_driver=False, logging_level=logging.ERROR, include_dashboard=False)
    except (ConnectionError, ValueError, RuntimeError) as error:
        first = next(iter(str(error).splitlines()), type(error).__name__)
        raise ConfigError(f"hydra.launcher.address={address}: no Ray cluster there ({first})") from error
    for number, handler in handlers.items():
        signal.signal(number, handler)


def check(share: Share) -> None:
    """Refuses a share that no node of the cluster has.

    Raises:
        ConfigError: The key, and what the largest node has.
    """
    nodes = [node["Resources"] for node in ray.nodes() if node["Alive"]]
    for key, resource, wanted in (("num_gpus", "GPU", share.num_gpus), ("num_cpus", "CPU", share.num_cpus)):
        largest = max((node.get(resource, 0) for node in nodes), default=0)
        if wanted > largest:
            there = f"at most {largest:g} {resource}s" if largest else f"no {resource}"
            raise ConfigError(f"hydra.launcher.{key}={wanted:g}: the nodes of the Ray cluster have {there}")


def slots(share: Share) -> int:
    """How many jobs with this share the cluster runs at a time, as it is now; at least 1, since a cluster may grow."""
    there = ray.cluster_resources()
    ways = [
        there.get(resource, 0) / wanted
        for resource, wanted in (("CPU", share.num_cpus), ("GPU", share.num_gpus))
        if wanted
    ]
    return max(1, int(min(ways, default=1)))
