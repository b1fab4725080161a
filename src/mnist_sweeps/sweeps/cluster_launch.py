"""Launches on clusters: what each reserves for a job, and how its jobs are run there. Their packages are extras."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from mnist_sweeps.config.errors import ConfigError, nearest
from mnist_sweeps.runtime.reserved import Reserved
from mnist_sweeps.runtime.workers import Lost, Rules
from mnist_sweeps.storage import scratch
from mnist_sweeps.sweeps.hydra_job import HydraJob, Numbered
from mnist_sweeps.sweeps.receiver import Receiver
from mnist_sweeps.sweeps.remote_job import RemoteJob

CLUSTERS = ["slurm", "local"]
SUBMITIT_FILES = ".slurm"
AHEAD = 8  # jobs that wait at Ray, in addition to one for each that runs: by what waits, a cluster grows


def ray_reserved(settings: Mapping[str, Any]) -> Reserved:
    """Of a Ray cluster, which is connected to only when something is to be trained.

    Raises:
        ConfigError: A setting that is not possible, or Ray is not installed.
    """
    _check_installed("ray", "ray")
    cpus, gpus = settings["num_cpus"], settings["num_gpus"]
    if cpus < 0 or gpus < 0 or (gpus > 1 and gpus != int(gpus)):
        raise ConfigError(
            f"hydra.launcher.num_cpus={cpus:g}, hydra.launcher.num_gpus={gpus:g}: at least 0; above 1 whole GPUs only"
        )

    def check() -> None:
        from mnist_sweeps.runtime import ray_cluster

        ray_cluster.connect(settings["address"])
        ray_cluster.check(ray_cluster.Share(cpus, gpus))

    return Reserved(cpus, gpus, "hydra.launcher.num_gpus", check)


def run_on_ray(
    job: HydraJob,
    jobs: Iterable[Numbered],
    settings: Mapping[str, Any],
    on_ended: Callable[[int, Any], None],
    ahead: int,
) -> list[Any]:
    """A JobReturn for each job, in order, or the Lost that took it.

    Args:
        job: Runs any of them.
        jobs: What it runs; the next is requested when the cluster has room for it.
        settings: Those of the launcher.
        on_ended: Called with a job's place and its result, before the next is requested.
        ahead: Jobs that wait at Ray in addition to those that run.
    """
    from mnist_sweeps.runtime import ray_cluster, ray_jobs

    ray_cluster.connect(settings["address"])
    share = ray_cluster.Share(settings["num_cpus"], settings["num_gpus"])
    rules = Rules(*(settings[name] for name in ("timeout", "retries", "recycle")))
    receiver = Receiver(job)
    with scratch.scratch_folder(Path(str(job.config.hydra.sweep.dir))) as mark:
        call = RemoteJob(job, Path.cwd(), mark, copy=settings["copy_results"])
        results = ray_jobs.run(
            call, jobs, receiver.order, share, rules, receiver.take, receiver.take_lost,
            lambda index, result: on_ended(index, receiver.result(index, result)), ahead,
        )  # fmt: skip
    return [receiver.result(index, result) for index, result in enumerate(results)]


def slurm_reserved(settings: Mapping[str, Any]) -> Reserved:
    """Of a job of Slurm, which is asked only when something is to be trained.

    Raises:
        ConfigError: A setting that is not possible, or submitit is not installed.
    """
    _check_installed("slurm", "submitit")
    if settings["cluster"] not in CLUSTERS:
        raise ConfigError(f"hydra.launcher.cluster={settings['cluster']}: {nearest(settings['cluster'], CLUSTERS)}")

    def check() -> None:
        from mnist_sweeps.runtime import slurm_jobs

        slurm_jobs.check(_request(settings))

    return Reserved(settings["cpus_per_task"], settings["gpus_per_node"], "hydra.launcher.gpus_per_node", check)


def run_on_slurm(job: HydraJob, jobs: Sequence[Numbered], settings: Mapping[str, Any]) -> list[Any]:
    """A JobReturn for each job, in order, or the Lost that took it; submitit's files stay where any was lost.

    Args:
        job: Runs any of them.
        jobs: What it runs.
        settings: Those of the launcher.
    """
    from mnist_sweeps.runtime import slurm_jobs

    folder = Path(str(job.config.hydra.sweep.dir), SUBMITIT_FILES).absolute()
    results = slurm_jobs.run(
        job, jobs, _request(settings), folder, lambda index, lost: job.record_lost(jobs[index], lost)
    )
    if not any(isinstance(result, Lost) for result in results):
        shutil.rmtree(folder)
    return results


def _request(settings: Mapping[str, Any]) -> Any:
    from mnist_sweeps.runtime.slurm_jobs import Request

    return Request(**{entry.name: settings[entry.name] for entry in fields(Request)})


def _check_installed(launcher: str, package: str) -> None:
    if find_spec(package) is None:
        raise ConfigError(f"hydra/launcher={launcher}: needs {package}; pip install 'mnist-sweeps[{launcher}]'")
