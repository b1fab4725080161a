"""Runs jobs in worker processes: a job that is killed, exits or hangs does not affect the others."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import TimeoutError
from dataclasses import dataclass
from multiprocessing import active_children
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

import cloudpickle
from pebble import ProcessExpired, ProcessFuture, ProcessPool

from mnist_sweeps.runtime import early_workers, warm_workers, worker_process
from mnist_sweeps.runtime.worker_process import SECONDS_BETWEEN_LOOKS, Environment

SECONDS_TO_RECORD = 2.0  # what was lost, after Ctrl-C
STARTS = 2  # more of a worker that ends before it takes a job: killed between two jobs, it costs none
NOT_STARTED = (
    "its worker ended before it took the job; in a script the call that trains must stand below "
    '`if __name__ == "__main__":`, since each worker imports the script'
)


class Lost(Exception):
    """A job without a result; `status` is killed, timed_out, interrupted or failed."""

    def __init__(self, status: str, reason: str) -> None:
        super().__init__(reason)
        self.status = status

    def __reduce__(self) -> Any:
        return Lost, (self.status, str(self))


@dataclass(frozen=True)
class Rules:
    """How jobs are run: seconds a job may take, how often a killed one is tried again, jobs a worker lives for."""

    timeout: float | None = None
    retries: int = 0
    recycle: int = 20  # a worker's memory grows by 15-27 MB a job (benchmarks/results.md)


def run(
    call: Callable[[Any], Any],
    arguments: Iterable[Any],
    slots: Sequence[Environment],
    rules: Rules,
    on_lost: Callable[[int, Lost], None],
    on_ended: Callable[[int, Any], None] = lambda index, result: None,
) -> list[Any]:
    """`call(argument)` of each argument, in order: its result, or the Lost that took it.

    Args:
        call: Runs a job.
        arguments: One a job; the next is taken, in this thread, when a worker is free for it.
        slots: One worker process each, with these environment variables.
        rules: When a job is given up.
        on_lost: Called at once with a job's place and what it was lost to, from the thread of the slot.
        on_ended: Called with a job's place and its result or Lost, in this thread, before the next argument is taken.

    Raises:
        KeyboardInterrupt: at Ctrl-C, once every worker has ended; at a second one the process ends at once.
    """
    results: list[Any] = []
    ended: SimpleQueue[tuple[_Slot, int]] = SimpleQueue()
    function = cloudpickle.dumps(call)
    waiting = enumerate(arguments)

    def serve(slot: _Slot) -> None:
        while (job := slot.jobs.get()) is not None:
            index, argument = job
            try:
                results[index] = slot.worker.call(function, argument)
            except Lost as lost:
                results[index] = lost
                on_lost(index, lost)
            finally:
                ended.put((slot, index))

    def next_job() -> tuple[int, bytes] | None:
        for index, argument in waiting:
            results.append(None)
            return index, cloudpickle.dumps(argument)
        return None

    busy: list[_Slot] = []
    try:
        for environment in slots:
            if (job := next_job()) is None:
                break
            busy.append(_Slot(_Worker(environment, rules), serve))
            busy[-1].start(job)
        while any(slot.thread.is_alive() for slot in busy):
            try:
                slot, index = ended.get(timeout=SECONDS_BETWEEN_LOOKS)  # not join(): a signal must reach this thread
            except Empty:
                continue
            on_ended(index, results[index])
            slot.jobs.put(next_job())
    except KeyboardInterrupt:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: os._exit(130))
        for slot in busy:
            slot.worker.stop()
        for process in active_children():
            process.kill()  # at once: a pool waits 3 s for each that is in a call into C
        for slot in busy:
            slot.worker.join()
        for slot in busy:
            slot.thread.join(SECONDS_TO_RECORD)
        raise
    finally:
        for slot in busy:
            slot.worker.stop()
            slot.worker.join()
            slot.jobs.put(None)
    return results


class _Slot:
    """A worker, and the thread of this process that hands it its jobs."""

    def __init__(self, worker: _Worker, serve: Callable[[_Slot], None]) -> None:
        self.worker = worker
        self.jobs: SimpleQueue[tuple[int, bytes] | None] = SimpleQueue()
        self.thread = threading.Thread(target=serve, args=[self], daemon=True)

    def start(self, job: tuple[int, bytes]) -> None:
        """Begins with its first job."""
        self.jobs.put(job)
        self.thread.start()


class _Worker:
    """A pool of one process, so that a slot keeps its device."""

    def __init__(self, environment: Environment, rules: Rules) -> None:
        self.environment, self.rules = environment, rules
        self.stopped = False
        self.future: ProcessFuture[bytes] | None = None
        self.pool = self._pool()

    def call(self, function: bytes, argument: bytes) -> Any:
        """The job's result.

        Raises:
            Lost: there is none.
        """
        kills = starts = 0
        while True:
            memory_kills = _memory_kills()
            try:
                self.future = self.pool.schedule(
                    worker_process.call,
                    args=[self.environment, function, argument],
                    timeout=self.rules.timeout,
                )
                return cloudpickle.loads(self.future.result())
            except (Exception, SystemExit) as error:
                if self.stopped:
                    raise Lost("interrupted", "stopped by Ctrl-C") from error
                if isinstance(error, TimeoutError):
                    raise Lost("timed_out", f"no result within {self.rules.timeout:g} s") from error
                if isinstance(error, ProcessExpired):
                    kills += 1
                    if kills > self.rules.retries:
                        raise Lost("killed", _reason(error.exitcode, _memory_kills() > memory_kills)) from error
                elif self.pool.active:  # the job's own error, or a result that cannot be sent
                    raise Lost("failed", f"{type(error).__name__}: {error}") from error
                elif starts == STARTS:
                    raise Lost("killed", NOT_STARTED) from error
                else:
                    starts += 1
                    self.pool.join()
                    self.pool = self._pool()

    def stop(self) -> None:
        """From now on the worker takes no job."""
        self.stopped = True
        self.pool.stop()

    def join(self) -> None:
        """Waits until the stopped worker has ended, and cancels the result that is waited for."""
        self.pool.join()
        if self.future is not None:
            self.future.cancel()

    def _pool(self) -> ProcessPool:
        return early_workers.take() or worker_process.pool_of_one(self.rules.recycle, warm_workers.context())


def _memory_kills() -> int:
    """How often the kernel has killed a process because memory ran out, since it booted; 0 where it does not tell."""
    try:
        lines = Path("/proc/vmstat").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) for line in lines if line.startswith("oom_kill "))


def _reason(exit_code: int, memory_ran_out: bool) -> str:
    if exit_code < 0:
        cause = "; the machine ran out of memory" if memory_ran_out else ""
        return f"its worker was killed by signal {-exit_code} ({signal.Signals(-exit_code).name}){cause}"
    return f"its worker ended with exit code {exit_code}"
