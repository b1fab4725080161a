"""Files that are complete or absent, whatever kills the process that writes them."""

from __future__ import annotations

import fcntl
import os
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from mnist_sweeps.storage.file_system import is_network

PART = ".part"
DAY = 86_400.0  # seconds


def write(path: Path, content: bytes | str) -> None:
    """Replaces `path` by `content` in one step, durable before it returns.

    Args:
        path: The file; its folder exists.
        content: Bytes, or text that is written as UTF-8.

    Raises:
        OSError: the disk is full or the folder cannot be written, with `path` as its filename; `path` is then as
            it was before.
    """
    data = content.encode() if isinstance(content, str) else content
    try:
        handle, part = _begin(path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
                part.chmod(0o644)
                part.replace(path)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
        sync(path.parent)
    except OSError as error:
        raise OSError(error.errno, error.strerror or str(error), str(path)) from error


def _begin(folder: Path) -> tuple[int, Path]:
    """A new temporary file in `folder`, locked while its writer lives."""
    while True:
        handle, part = tempfile.mkstemp(dir=folder, prefix=".", suffix=PART)
        if is_network(folder):
            return handle, Path(part)
        fcntl.flock(handle, fcntl.LOCK_EX)
        if os.fstat(handle).st_nlink:
            return handle, Path(part)
        os.close(handle)  # `tidy` came between the two calls


def tidy(folder: Path) -> None:
    """Removes the temporary files of killed writers anywhere below `folder`, not those of living ones.

    On a network file system, where a lock may not be seen by other machines, those that are a day old.
    """
    if is_network(folder):
        for part in folder.rglob(f".*{PART}"):
            with suppress(OSError):
                if time.time() - part.stat().st_mtime > DAY:
                    part.unlink()
        return
    for part in folder.rglob(f".*{PART}"):
        with suppress(OSError), part.open("rb") as file:  # BlockingIOError: its writer lives
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            part.unlink()


def sync(path: Path) -> None:
    """Makes a file's content, or the names in a folder, durable: a rename is only as safe as its folder."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
