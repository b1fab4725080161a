"""Claims on a folder that hold across machines: files, each with its owner, kept young by a thread of the owner.

A claim is `.claim-N`. Who finds none, or none but stale ones, makes the next number; `link` does that for one alone
on every file system. Who then sees another claim that is not stale withdraws. So two that start together may both
withdraw and try again, but never both hold. A claim is stale when its process has ended, which its own machine knows
at once, and others take it to have when the file is older than `LEASE`, by the clock of the file server.
"""

from __future__ import annotations

import json
import os
import socket
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

PREFIX = ".claim-"
BEAT = 15.0  # seconds between the times at which an owner makes its claim young
LEASE = 120.0  # longer than attributes are cached by NFS (60 s), and a beat that is late


class Claimed(Exception):
    """Another process holds the folder."""


@contextmanager
def claim(folder: Path) -> Iterator[None]:
    """Holds a folder within a `with` block.

    A process that is stopped for longer than `LEASE` may lose it to another one.

    Raises:
        Claimed: Another process holds it.
    """
    mine = _take(folder)
    over = threading.Event()
    threading.Thread(target=_beat, args=[mine, over], daemon=True).start()
    try:
        yield
    finally:
        over.set()
        for older in _claims(folder):
            if _number(older) < _number(mine):
                older.unlink(missing_ok=True)
        mine.unlink(missing_ok=True)


def is_claimed(folder: Path) -> bool:
    """Whether a process holds the folder; writes nothing that stays."""
    claims = _claims(folder)
    return bool(claims) and any(not _is_stale(path, _now(folder)) for path in claims)


def is_claim(name: str) -> bool:
    """Whether a file of that name is a claim, or one in the making."""
    return name.startswith(PREFIX)


def _take(folder: Path) -> Path:
    now = _now(folder)
    claims = _claims(folder)
    if any(not _is_stale(path, now) for path in claims):
        raise Claimed(str(folder))
    mine = folder / f"{PREFIX}{max(map(_number, claims), default=-1) + 1}"
    draft = folder / f"{PREFIX}draft-{uuid.uuid4().hex}"
    draft.write_text(json.dumps({**_owner(), "token": draft.name}))
    try:
        os.link(draft, mine)
    except FileExistsError as error:
        raise Claimed(str(folder)) from error
    finally:
        draft.unlink()
    claims = _claims(folder)
    if mine not in claims or any(path != mine and not _is_stale(path, now) for path in claims):
        mine.unlink(missing_ok=True)
        raise Claimed(str(folder))
    return mine


def _beat(mine: Path, over: threading.Event) -> None:
    while not over.wait(BEAT):
        with suppress(OSError):  # a server that is away for a moment
            os.utime(mine)


def _claims(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob(f"{PREFIX}*") if path.name.removeprefix(PREFIX).isdecimal())


def _number(path: Path) -> int:
    return int(path.name.removeprefix(PREFIX))


def _now(folder: Path) -> float:
    """The time of the file server, in which the ages of claims are measured."""
    probe = folder / f"{PREFIX}now-{uuid.uuid4().hex}"
    probe.touch()
    try:
        return probe.stat().st_mtime
    finally:
        probe.unlink()


def _is_stale(path: Path, now: float) -> bool:
    try:
        with path.open() as file:  # NFS asks the server for the age of a file that is opened
            owner = json.load(file)
            age = now - os.fstat(file.fileno()).st_mtime
    except FileNotFoundError:
        return True  # just given back
    except ValueError:
        return False  # being written: then it is young
    if all(owner.get(key) == value for key, value in _owner_machine().items()):
        return not _lives(owner["pid"], owner["started"])
    return age > LEASE


def _owner() -> dict[str, str | int]:
    return {**_owner_machine(), "pid": os.getpid(), "started": _started(os.getpid())}


@cache
def _owner_machine() -> dict[str, str]:
    """What two processes share that can see each other's process numbers: host, boot and namespace."""
    boot, namespace = Path("/proc/sys/kernel/random/boot_id"), Path("/proc/self/ns/pid")
    return {
        "host": socket.gethostname(),
        "boot": boot.read_text().strip() if boot.exists() else "",
        "namespace": str(namespace.readlink()) if namespace.is_symlink() else "",
    }


def _lives(pid: int, started: str) -> bool:
    return Path("/proc", str(pid)).exists() and _started(pid) == started


def _started(pid: int) -> str:
    """When a process started, in ticks since boot: numbers of processes are used again."""
    try:
        return Path("/proc", str(pid), "stat").read_text().rpartition(")")[2].split()[19]
    except OSError:
        return ""
