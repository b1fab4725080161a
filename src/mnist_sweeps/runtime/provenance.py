"""Where a result comes from: versions, code, machine, command and time."""

from __future__ import annotations

import platform
import shlex
import subprocess
import sys
from datetime import datetime
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from mnist_sweeps.runtime.device import Machine
from mnist_sweeps.runtime.numerics import numerics

PACKAGES = ("mnist-sweeps", "keras", "tensorflow", "jax", "numpy", "scikit-learn", "hydra-core")


def provenance(machine: Machine, data_digest: str) -> dict[str, Any]:
    """The `provenance` of a run.json."""
    return {
        "versions": versions(),
        "git": git(),
        "backend": machine.backend,
        "engine": machine.engine,
        "device": machine.device,
        "threads": machine.threads,
        "host": platform.machine(),
        "numerics": numerics(),
        "data_digest": data_digest,
        "command": command(),
        "time": now(),
    }


def command() -> str:
    """The command line as a person would type it."""
    return shlex.join(["mnist-sweeps", *sys.argv[1:]])


def now() -> str:
    """Local time with its offset, to the second."""
    return datetime.now().astimezone().isoformat(timespec="seconds")


@cache
def versions() -> dict[str, str]:
    """Of Python and of each package that can change a result, as far as installed."""
    found = {"python": platform.python_version()}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


@cache
def git() -> dict[str, Any]:
    """The commit of this package's checkout and whether files differ from it; None where it is no checkout."""
    here = Path(__file__).resolve().parent

    def ask(*words: str) -> str | None:
        try:
            answer = subprocess.run(
                ["git", "-C", str(here), *words], capture_output=True, text=True, check=False, timeout=10
            )
        except (OSError, subprocess.TimeoutExpired):
            return None
        return answer.stdout.strip() if answer.returncode == 0 else None

    if ask("ls-files", "--error-unmatch", __file__) is None:  # site-packages inside somebody else's repository
        return {"commit": None, "dirty": None}
    commit, changes = (
        ask("rev-parse", "--short=10", "HEAD"),
        ask("status", "--porcelain", "--untracked-files=no", "--", str(here)),
    )
    return {"commit": commit, "dirty": bool(changes)}
