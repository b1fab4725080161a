"""The lock on a run's folder: one process trains a run."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PATIENCE = 0.5  # seconds: `status` locks a folder for an instant, to see whether any other process does
SECONDS_BETWEEN_TRIES = 0.02


class RunLocked(Exception):
    """Another process is training this run right now."""


@contextmanager
def lock_run(folder: Path, patience: float = PATIENCE) -> Iterator[None]:
    """Locks the run's folder within a `with` block.

    The kernel releases the lock when this process dies, so that no stale lock is possible.

    Args:
        folder: The run's folder, made where it is missing.
        patience: For how many seconds to try.

    Raises:
        RunLocked: Another process holds the lock.
    """
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        until = time.monotonic() + patience
        while not _try_lock(descriptor):
            if time.monotonic() >= until:
                raise RunLocked(str(folder))
            time.sleep(SECONDS_BETWEEN_TRIES)
        yield
    finally:
        os.close(descriptor)


def _try_lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
