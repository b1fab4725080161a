"""Workers that start, and import what jobs need, while their jobs are still being planned.

For a backend that cannot be forked, see `warm_workers`. `workers.run` takes these before it starts others.
"""

from __future__ import annotations

from collections.abc import Callable
from multiprocessing import get_context

from pebble import ProcessPool

from mnist_sweeps.runtime import worker_process

_pools: list[ProcessPool] = []


def start(count: int, recycle: int, preload: Callable[[], None]) -> None:
    """Starts workers, each of which imports while this process goes on.

    Args:
        count: How many workers.
        recycle: Jobs that each lives for.
        preload: What each calls first; it must be picklable.
    """
    for _ in range(count):
        pool = worker_process.pool_of_one(recycle, get_context("spawn"), preload)
        assert pool.active  # which starts its worker
        _pools.append(pool)


def take() -> ProcessPool | None:
    """A worker that has been started, as a pool of one process; None where there is none left."""
    return _pools.pop(0) if _pools else None


def stop() -> None:
    """Ends the workers that were not taken."""
    while (pool := take()) is not None:
        pool.stop()
        pool.join()
