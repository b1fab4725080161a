"""The lock on a run's folder: one process trains a run."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from mnist_sweeps.storage import claim_file
from mnist_sweeps.storage.claim_file import Claimed
from mnist_sweeps.storage.file_system import is_network

PATIENCE = 0.5  # seconds: `status` locks a folder for an instant, to see whether any other process does
SECONDS_BETWEEN_TRIES = 0.02


class RunLocked(Exception):
    """Another process is training this run right now."""


@contextmanager
def lock_run(folder: Path, patience: float = PATIENCE) -> Iterator[None]:
    """Locks the run's folder within a `with` block.

    On a local disk the kernel releases the lock when this process dies, so that no stale lock is possible. On a network
    file system, where such a lock may not hold across machines, it is a claim file.

    Args:
        folder: The run's folder, made where it is missing.
        patience: For how many seconds to try.

    Raises:
        RunLocked: Another process holds the lock.
    """
    folder.mkdir(parents=True, exist_ok=True)
    lock = claim_file.claim if is_network(folder) else _flock
    until = time.monotonic() + patience
    with ExitStack() as held:
        while True:
            try:
                held.enter_context(lock(folder))
                break
            except (Claimed, BlockingIOError) as error:
                if time.monotonic() >= until:
                    raise RunLocked(str(folder)) from error
                time.sleep(SECONDS_BETWEEN_TRIES)
        yield


def is_locked(folder: Path) -> bool:
    """Whether a process holds the lock of a folder, which exists."""
    if is_network(folder):
        return claim_file.is_claimed(folder)
    with suppress(BlockingIOError), _flock(folder):
        return False
    return True


@contextmanager
def _flock(folder: Path) -> Iterator[None]:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(descriptor)
