"""Runs jobs under Slurm, by submitit; its local executor, without a queue, stands for Slurm in tests."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cloudpickle
import submitit
from submitit.core.utils import FailedJobError, UncompletedJobError

from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.runtime.slurm_requeue import Requeued
from mnist_sweeps.runtime.workers import Lost

SECONDS_BETWEEN_LOOKS = 1.0
SECONDS_TO_SHOW = 30.0  # of a result on a network file system, after its job has left the queue
SECONDS_TO_END = 10.0  # of jobs that were cancelled
DASHES = "-" * 22


@dataclass(frozen=True)
class Request:
    """Of Slurm, for each job, in submitit's words; `sbatch` are further options of sbatch."""

    cluster: str
    timeout_min: int
    cpus_per_task: int
    gpus_per_node: int
    mem_gb: float
    partition: str | None
    array_parallelism: int
    max_num_timeout: int
    sbatch: dict[str, Any]

    def options(self) -> list[str]:
        """As sbatch takes them."""
        options = {"cpus-per-task": self.cpus_per_task, "mem": f"{int(self.mem_gb * 1024)}M", "time": self.timeout_min}
        options |= {"gpus-per-node": self.gpus_per_node} if self.gpus_per_node else {}
        options |= {"partition": self.partition} if self.partition else {}
        return [f"--{key.replace('_', '-')}={value}" for key, value in {**options, **self.sbatch}.items()]


def check(request: Request) -> None:
    """Refuses a request that the cluster can never grant.

    Raises:
        ConfigError: There is no Slurm here, or what sbatch says to the request.
    """
    if request.cluster != "slurm":
        return
    if shutil.which("sbatch") is None:
        raise ConfigError(
            "hydra/launcher=slurm: there is no sbatch here; start the command on a machine of the cluster"
        )
    answer = subprocess.run(
        ["sbatch", "--test-only", *request.options(), "--wrap", "true"], capture_output=True, text=True, check=False
    )
    if answer.returncode != 0:
        said = re.sub(r"^(sbatch: error|allocation failure): ", "", answer.stderr.strip().splitlines()[-1])
        raise ConfigError(f"hydra/launcher=slurm {' '.join(request.options())}: {said}")


def run(
    call: Callable[[Any], Any],
    arguments: Sequence[Any],
    request: Request,
    folder: Path,
    on_lost: Callable[[int, Lost], None],
) -> list[Any]:
    """`call(argument)` of each argument, in order: its result, or the Lost that took it.

    Args:
        call: What a job calls. At a time-out or a preemption it gets a KeyboardInterrupt, and is called again once
            Slurm has started the job anew.
        arguments: One for each job.
        request: What each job asks for; at most `array_parallelism` jobs wait or run at a time.
        folder: For the files of submitit; every node sees it.
        on_lost: Takes what a job was lost to.

    Raises:
        KeyboardInterrupt: At Ctrl-C, once every job has been cancelled and given to `on_lost`.
    """
    executor, queue = _executor(request, folder), _Queue(request.cluster)
    requeued = Requeued(cloudpickle.dumps(call), Path.cwd(), sys.argv)
    results: list[Any] = [None] * len(arguments)
    waiting = deque(range(len(arguments)))
    running: dict[int, submitit.Job[Any]] = {}
    try:
        while waiting or running:
            batch = [waiting.popleft() for _ in range(min(len(waiting), request.array_parallelism - len(running)))]
            try:
                running |= dict(zip(batch, _submit(executor, requeued, [arguments[i] for i in batch]), strict=True))
            except (FailedJobError, OSError, subprocess.CalledProcessError) as error:
                if not running:  # else a limit on jobs, which is over when one of them ends
                    raise ConfigError(f"hydra/launcher=slurm: {_last_line(error)}") from error
                waiting.extendleft(reversed(batch))
            for index, outcome in queue.ended(running):
                del running[index]
                results[index] = outcome
                if isinstance(outcome, Lost):
                    on_lost(index, outcome)
            time.sleep(SECONDS_BETWEEN_LOOKS)
    except KeyboardInterrupt:
        queue.cancel(list(running.values()))
        for index in running:
            on_lost(index, Lost("interrupted", "stopped by Ctrl-C"))
        raise
    return results


def _executor(request: Request, folder: Path) -> submitit.AutoExecutor:
    limit = {f"{request.cluster}_max_num_timeout": request.max_num_timeout}
    executor = submitit.AutoExecutor(folder, cluster=request.cluster, **limit)
    executor.update_parameters(
        name="mnist-sweeps", timeout_min=request.timeout_min, cpus_per_task=request.cpus_per_task,
        gpus_per_node=request.gpus_per_node, mem_gb=request.mem_gb,
    )  # fmt: skip
    if request.cluster == "slurm":
        partition = {"slurm_partition": request.partition} if request.partition else {}
        executor.update_parameters(
            slurm_array_parallelism=request.array_parallelism, slurm_additional_parameters=request.sbatch, **partition
        )
    return executor


def _submit(executor: submitit.AutoExecutor, call: Requeued, arguments: list[Any]) -> list[submitit.Job[Any]]:
    if not arguments:
        return []
    with executor.batch():  # one array
        return [executor.submit(call, argument) for argument in arguments]


class _Queue:
    """The jobs that wait or run, as the cluster has them."""

    def __init__(self, cluster: str) -> None:
        self.in_slurm = cluster == "slurm"
        self.gone: dict[str, float] = {}  # since when a job without a result is not in the queue

    def ended(self, running: dict[int, submitit.Job[Any]]) -> Iterator[tuple[int, Any]]:
        """Jobs that have a result, or have left the queue without one."""
        alive = self._alive(list(running.values()))
        for index, job in list(running.items()):
            if not job.paths.result_pickle.exists():
                if job.job_id in alive:
                    self.gone.pop(job.job_id, None)  # requeued
                    continue
                gone = self.gone.setdefault(job.job_id, time.monotonic())
                if self.in_slurm and time.monotonic() - gone < SECONDS_TO_SHOW:
                    continue
            yield index, _outcome(job)

    def cancel(self, jobs: list[submitit.Job[Any]]) -> None:
        """Ends jobs at once, and waits until they have ended."""
        ids = [job.job_id for job in jobs]
        if self.in_slurm and ids:
            for words in (["scancel"], ["scancel", "--signal=KILL"]):  # submitit's jobs ignore SIGTERM
                subprocess.run([*words, *ids], capture_output=True, check=False)
        else:
            for job in jobs:
                job.cancel()
        until = time.monotonic() + SECONDS_TO_END
        while time.monotonic() < until and self._alive(jobs).intersection(ids):
            time.sleep(SECONDS_BETWEEN_LOOKS / 10)

    def _alive(self, jobs: list[submitit.Job[Any]]) -> set[str]:
        """The ids of jobs. `squeue` answers also where Slurm keeps no accounts; `sacct` does not."""
        if not self.in_slurm:
            return {job.job_id for job in jobs if not job.done()}
        answer = subprocess.run(["squeue", "--me", "-h", "-r", "-o", "%i"], capture_output=True, text=True, check=False)
        if answer.returncode != 0:  # a controller that is busy or restarts: nothing is known
            return {job.job_id for job in jobs}
        return set(answer.stdout.split())


def _outcome(job: submitit.Job[Any]) -> Any:
    if not job.paths.result_pickle.exists():
        return Lost("killed", f"job {job.job_id} left the queue without a result; {job.paths.stderr} may say why")
    try:
        return job.result()
    except (FailedJobError, UncompletedJobError) as error:
        reason = _last_line(error)
        status = "timed_out" if "timed-out" in reason else "failed"
        return Lost(status, reason)


def _last_line(error: Exception) -> str:
    """Of the job's traceback, which submitit puts between two lines of dashes; else of the error itself."""
    parts = str(error).split(DASHES)
    lines = [line.strip() for line in (parts[1] if len(parts) > 2 else str(error)).splitlines() if line.strip()]
    return lines[-1] if lines else type(error).__name__
