"""A worker process: it ignores Ctrl-C, calls what its driver sends, and ends when the driver has ended."""

from __future__ import annotations

import os
import signal
import tempfile
import threading
import time
from collections.abc import Callable
from multiprocessing import parent_process
from multiprocessing.context import BaseContext

import cloudpickle
from pebble import ProcessPool

from mnist_sweeps.runtime import messages

SECONDS_BETWEEN_LOOKS = 0.1
Environment = dict[str, str]


def pool_of_one(recycle: int, context: BaseContext, preload: Callable[[], None] | None = None) -> ProcessPool:
    """A pool with one worker, which starts with the first job, or when the pool is asked whether it is active.

    Args:
        recycle: Jobs that a worker lives for; another one follows it.
        context: How workers are started.
        preload: What a worker calls before its first job; picklable.
    """
    return ProcessPool(1, max_tasks=recycle, initializer=begin, initargs=[preload], context=context)


def begin(preload: Callable[[], None] | None = None) -> None:
    """What a new worker does before it takes a job.

    Args:
        preload: Imports what the jobs need.
    """
    messages.log_to_stderr()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_driver, daemon=True).start()
    if preload:
        preload()


def call(environment: Environment, function: bytes, argument: bytes) -> bytes:
    """A job's result, by cloudpickle: plain pickle cannot send functions of scripts and notebooks.

    Args:
        environment: Variables of the worker's slot.
        function: What to call, by cloudpickle.
        argument: Its argument, by cloudpickle.
    """
    os.environ.update(environment)
    tempfile.tempdir = None  # of the process that it was forked from; the environment has the worker's
    result: bytes = cloudpickle.dumps(cloudpickle.loads(function)(cloudpickle.loads(argument)))
    return result


def end_with(driver: int) -> None:
    """Ends this process at once when its parent, the process `driver`, has ended."""
    while os.getppid() == driver:
        time.sleep(SECONDS_BETWEEN_LOOKS)
    os._exit(1)


def _end_with_driver() -> None:
    """Ends this worker at once when its driver has ended, or the process that it was forked from."""
    driver, parent = parent_process(), os.getppid()
    while driver and driver.is_alive() and os.getppid() == parent:
        time.sleep(SECONDS_BETWEEN_LOOKS)
    os._exit(1)
