"""Jobs in worker processes of their own: one that is killed, exits or hangs costs no other."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError, TimeoutError
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

import cloudpickle
from pebble import ProcessExpired, ProcessPool

SECONDS_BETWEEN_LOOKS = 0.1
Environment = dict[str, str]


class Lost(Exception):
    """A job without a result; `status` is killed, timed_out or interrupted."""

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
    recycle: int = 50  # a worker's memory grows by 5-9 MB a job on TensorFlow


def run(
    call: Callable[[Any], Any],
    arguments: Sequence[Any],
    slots: Sequence[Environment],
    rules: Rules,
    on_lost: Callable[[int, Lost], None],
) -> list[Any]:
    """`call(argument)` of each argument, in order: its result, or the Lost that took it.

    One worker process a slot, spawned with the slot's environment variables; a worker takes the next job as soon
    as it is free. `on_lost(index, lost)` is called at once, from the thread of the slot.

    Raises:
        KeyboardInterrupt: at Ctrl-C, once every worker has ended; at a second one the process ends at once.
    """
    results: list[Any] = [None] * len(arguments)
    waiting: SimpleQueue[int] = SimpleQueue()
    for index in range(len(arguments)):
        waiting.put(index)
    function = cloudpickle.dumps(call)
    pools = [_pool(environment, rules) for environment in slots[: len(arguments)]]

    def serve(pool: ProcessPool) -> None:
        while True:
            try:
                index = waiting.get_nowait()
            except Empty:
                return
            try:
                results[index] = _attempt(pool, function, cloudpickle.dumps(arguments[index]), rules)
            except Lost as lost:
                results[index] = lost
                on_lost(index, lost)
                if lost.status == "interrupted":
                    return

    threads = [threading.Thread(target=serve, args=[pool], daemon=True) for pool in pools]
    try:
        for thread in threads:
            thread.start()
        while any(thread.is_alive() for thread in threads):
            time.sleep(SECONDS_BETWEEN_LOOKS)  # not join(): a signal must reach the main thread
    except KeyboardInterrupt:
        signal.signal(signal.SIGINT, lambda *_: os._exit(130))
        for pool in pools:
            pool.stop()
        for thread in threads:
            thread.join()
        raise
    finally:
        for pool in pools:
            pool.stop()
            pool.join()
    return results


def _pool(environment: Environment, rules: Rules) -> ProcessPool:
    """A pool of one worker, so that a slot keeps its device; spawned, since TensorFlow does not survive a fork."""
    return ProcessPool(
        1,
        max_tasks=rules.recycle,
        initializer=_settle,
        initargs=[environment, os.getpid()],
        context=get_context("spawn"),
    )


def _settle(environment: Environment, driver: int) -> None:
    """In the worker: its environment, no Ctrl-C of its own, and an end when the driver dies."""
    os.environ.update(environment)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with, args=[driver], daemon=True).start()


def _end_with(driver: int) -> None:
    while os.getppid() == driver:
        time.sleep(SECONDS_BETWEEN_LOOKS)
    os._exit(1)


def _attempt(pool: ProcessPool, function: bytes, argument: bytes, rules: Rules) -> Any:
    for attempt in range(rules.retries + 1):
        memory_kills = _memory_kills()
        try:
            return cloudpickle.loads(pool.schedule(_call, args=[function, argument], timeout=rules.timeout).result())
        except ProcessExpired as error:
            if attempt == rules.retries:
                raise Lost("killed", _reason(error.exitcode, _memory_kills() > memory_kills)) from error
        except TimeoutError as error:
            raise Lost("timed_out", f"no result within {rules.timeout:g} s") from error
        except (CancelledError, RuntimeError) as error:  # RuntimeError: the pool was stopped before it took the job
            raise Lost("interrupted", "stopped by Ctrl-C") from error
    raise AssertionError("unreachable")


def _call(function: bytes, argument: bytes) -> bytes:
    """In the worker. By cloudpickle: plain pickle cannot send functions of scripts and notebooks."""
    result: bytes = cloudpickle.dumps(cloudpickle.loads(function)(cloudpickle.loads(argument)))
    return result


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
