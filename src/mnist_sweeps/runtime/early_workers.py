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
        pool = ProcessPool(
            1,
            max_tasks=recycle,
            initializer=worker_process.begin,
            initargs=[preload],
            context=get_context("spawn"),
        )
        assert pool.active  # it starts its process when it is asked
        _pools.append(pool)


def take() -> ProcessPool | None:
    """A worker that has been started, as a pool of one process; None where there is none left."""
    return _pools.pop(0) if _pools else None


def stop() -> None:
    """Ends the workers that nobody took."""
    while (pool := take()) is not None:
        pool.stop()
        pool.join()
