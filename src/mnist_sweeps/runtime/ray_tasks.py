"""The tasks of a Ray cluster that jobs become: each streams the parts of what its job makes."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import cloudpickle
import ray
from ray import exceptions

from mnist_sweeps.runtime import messages
from mnist_sweeps.runtime.ray_cluster import Share
from mnist_sweeps.runtime.workers import Lost, Rules

SECONDS_BETWEEN_LOOKS = 0.1
SECONDS_TO_END = 5.0  # of a task that was cancelled
ENDED = object()  # stands for the end of a job


class Tasks:
    """The jobs that Ray has been given."""

    def __init__(self, call: Callable[[Any], Iterator[Any]], share: Share, rules: Rules) -> None:
        self.rules = rules
        self.function = ray.put(cloudpickle.dumps(call))
        # Ray replaces a worker that had a GPU after each task, since its memory stays taken
        lives = 1 if share.num_gpus else rules.recycle
        self.task = ray.remote(
            max_retries=0, num_cpus=share.num_cpus, num_gpus=share.num_gpus, max_calls=lives, num_returns="streaming"
        )(_stream)
        self.running: dict[int, Any] = {}  # by the number of the job, the stream of its parts
        self.until: dict[int, float] = {}  # of jobs that have started
        self.tries: dict[int, int] = {}

    def submit(self, index: int, argument: Any) -> None:
        """Hands Ray a job, for the first time or again."""
        self.running[index] = self.task.remote(self.function, cloudpickle.dumps(argument), sys.argv)
        self.tries[index] = self.tries.get(index, 0) + 1

    def parts(self) -> Iterator[tuple[int, Any]]:
        """What came within a moment: parts, ENDED after the last part of a job, a Lost for each job that was lost."""
        streams = {stream: index for index, stream in self.running.items()}
        ready: list[Any]
        ready, _ = ray.wait(list(streams), num_returns=len(streams), timeout=SECONDS_BETWEEN_LOOKS, fetch_local=False)
        for stream in ready:
            index = streams[stream]
            try:
                part = cloudpickle.loads(ray.get(next(stream)))
            except StopIteration:
                self._forget(index)
                yield index, ENDED
                continue
            except (exceptions.RayError, Exception) as error:
                self._forget(index)
                yield index, _lost(error)
                continue
            if part is STARTED:
                if self.rules.timeout is not None:
                    self.until[index] = time.monotonic() + self.rules.timeout
                continue
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
