"""Runs jobs on a Ray cluster: a worker or a node that is lost costs its jobs a retry."""

from __future__ import annotations

import logging
import os
import signal
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import cloudpickle
import ray
from ray import exceptions

from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.runtime import messages
from mnist_sweeps.runtime.workers import Lost, Rules

SECONDS_BETWEEN_LOOKS = 0.1
SECONDS_TO_END = 5.0  # of a task that was cancelled
AHEAD = 8  # jobs that wait at Ray, in addition to one for each that runs: by what waits, a cluster grows


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


def run(
    call: Callable[[Any], Iterator[Any]],
    argument_of: Callable[[int], Any],
    count: int,
    share: Share,
    rules: Rules,
    on_part: Callable[[int, Any], bool],
    on_lost: Callable[[int, Lost], None],
) -> list[Any]:
    """The last thing that each call yields, or the Lost that took its job, in order.

    Args:
        call: Yields parts of what a job makes, then its result; called on a node.
        argument_of: What it is called with, by the number of the job; asked shortly before the job, at each try.
        count: How many jobs there are.
        share: What each job takes of the cluster.
        rules: A time-out counts from the job's start on a node.
        on_part: Takes what a job yields, as it comes; False stops the job, which then has no result (None).
        on_lost: Takes what a job was lost to.

    Raises:
        KeyboardInterrupt: At Ctrl-C, once every job has been stopped and given to `on_lost`.
    """
    jobs = _Jobs(call, share, rules)
    waiting = deque(range(count))
    try:
        while waiting or jobs.running:
            if waiting and len(jobs.running) < jobs.slots() + AHEAD:
                jobs.submit(index := waiting.popleft(), argument_of(index))
                if len(waiting) and len(jobs.running) < jobs.slots():
                    continue
            for index, part in jobs.parts():
                if isinstance(part, Lost):
                    if part.status == "killed" and jobs.tries[index] <= rules.retries:
                        waiting.appendleft(index)
                        continue
                    jobs.results[index] = part
                    on_lost(index, part)
                elif not on_part(index, part):
                    jobs.stop(index)
                    jobs.results[index] = None
    except KeyboardInterrupt:
        for index in list(jobs.running):
            jobs.stop(index)
            on_lost(index, Lost("interrupted", "stopped by Ctrl-C"))
        raise
    return [jobs.results.get(index) for index in range(count)]


class _Jobs:
    """The jobs that Ray has been given."""

    def __init__(self, call: Callable[[Any], Iterator[Any]], share: Share, rules: Rules) -> None:
        self.share, self.rules = share, rules
        self.function = ray.put(cloudpickle.dumps(call))
        # Ray replaces a worker that had a GPU after each task, since its memory stays taken
        lives = 1 if share.num_gpus else rules.recycle
        self.task = ray.remote(
            max_retries=0, num_cpus=share.num_cpus, num_gpus=share.num_gpus, max_calls=lives, num_returns="streaming"
        )(_stream)
        self.running: dict[int, Any] = {}  # by the number of the job, the stream of its parts
        self.until: dict[int, float] = {}  # of jobs that have started
        self.tries: dict[int, int] = {}
        self.results: dict[int, Any] = {}

    def slots(self) -> int:
        """How many jobs the cluster runs at a time, as it is now."""
        there = ray.cluster_resources()
        ways = [
            there.get(resource, 0) / wanted
            for resource, wanted in (("CPU", self.share.num_cpus), ("GPU", self.share.num_gpus))
            if wanted
        ]
        return max(1, int(min(ways, default=1)))

    def submit(self, index: int, argument: Any) -> None:
        self.running[index] = self.task.remote(self.function, cloudpickle.dumps(argument), sys.argv)
        self.tries[index] = self.tries.get(index, 0) + 1

    def parts(self) -> Iterator[tuple[int, Any]]:
        """What came within a moment: parts, and a Lost for each job that was lost."""
        streams = {stream: index for index, stream in self.running.items()}
        ready: list[Any]
        ready, _ = ray.wait(list(streams), num_returns=len(streams), timeout=SECONDS_BETWEEN_LOOKS, fetch_local=False)
        for stream in ready:
            index = streams[stream]
            try:
                part = cloudpickle.loads(ray.get(next(stream)))
            except StopIteration:
                self._forget(index)
                continue
            except (exceptions.RayError, Exception) as error:
                self._forget(index)
                yield index, _lost(error)
                continue
            if part is STARTED:
                if self.rules.timeout is not None:
                    self.until[index] = time.monotonic() + self.rules.timeout
                continue
            self.results[index] = part
            yield index, part
        for index, until in list(self.until.items()):
            if index in self.running and time.monotonic() > until:
                self.stop(index)
                yield index, Lost("timed_out", f"no result within {self.rules.timeout:g} s")

    def stop(self, index: int) -> None:
        """Ends a job, and waits until its worker has ended."""
        stream = self.running[index]
        self._forget(index)
        ray.cancel(stream, force=True)
        until = time.monotonic() + SECONDS_TO_END
        try:
            while time.monotonic() < until:
                if ray.wait([stream], timeout=SECONDS_BETWEEN_LOOKS)[0]:
                    ray.get(next(stream))
        except (exceptions.RayError, StopIteration):
            return

    def _forget(self, index: int) -> None:
        self.running.pop(index, None)
        self.until.pop(index, None)


def _started() -> None:
    """Stands for the start of a job: it is pickled by its name, and so the same on each side."""


STARTED = _started


def _stream(function: bytes, argument: bytes, command: list[str]) -> Iterator[bytes]:
    """On the node."""
    yield cloudpickle.dumps(STARTED)
    messages.log_to_stderr()
    sys.argv = command  # the provenance of a run says it
    for part in cloudpickle.loads(function)(cloudpickle.loads(argument)):
        yield cloudpickle.dumps(part)


def _lost(error: BaseException) -> Lost:
    """What a job's error makes of it: its own one fails it, the loss of its worker, node or parts kills it."""
    if isinstance(error, exceptions.RayTaskError):
        cause = error.cause if isinstance(error.cause, Exception) else error
        return Lost("failed", f"{type(cause).__name__}: {cause}")
    if isinstance(error, exceptions.RayError):
        reason = next((line.strip() for line in str(error).splitlines() if line.strip()), "")
        return Lost("killed", f"its worker or node was lost ({type(error).__name__}: {reason})")
    return Lost("failed", f"{type(error).__name__}: {error}")
