"""Lets workers import the backend while the variants of a sweep are still checked."""

from __future__ import annotations

import sys
from functools import partial

from mnist_sweeps.runtime import early_workers, warm_workers
from mnist_sweeps.runtime.device import Machine
from mnist_sweeps.sweeps.preload import preload

PRELOADED = "mnist_sweeps.sweeps.preloaded"


def start(machine: Machine, workers: int, recycle: int) -> None:
    """Starts what imports, in place of what was started for another machine.

    On Linux, workers for JAX on a CPU are forked from one process that imports; other workers on a CPU start now. A
    worker on a GPU sees its own GPU alone, and so it is started when that is known.

    Args:
        machine: What the sweep will probably run on.
        workers: How many there will be.
        recycle: Jobs that each lives for.
    """
    stop()
    if machine.device != "cpu":
        return
    if machine.backend == "jax" and sys.platform == "linux":
        warm_workers.start(PRELOADED)
    else:
        early_workers.start(workers, recycle, partial(preload, machine))


def stop() -> None:
    """Ends what was started and is not needed any more."""
    warm_workers.stop()
    early_workers.stop()
