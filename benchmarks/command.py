"""Commands of a benchmark, timed as a person would: from their start to their table and their end."""

from __future__ import annotations

import ctypes
import os
import resource
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

SUBREAPER = 36  # PR_SET_CHILD_SUBREAPER: workers that outlive their command are counted, too
ON_CPU = {"JAX_PLATFORMS": "cpu", "CUDA_VISIBLE_DEVICES": "-1"}


def cold(words: list[str], place: Path, environment: Mapping[str, str] = ON_CPU) -> tuple[float, str]:
    """Seconds of `python -m WORDS` in the folder `place`, and what it printed.

    `place` is its home, too, so that it finds no compiled program of an earlier one.

    Raises:
        RuntimeError: it failed; its own last line ends the message.
    """
    variables = {**os.environ, "HOME": str(place), **environment}
    began = time.perf_counter()
    ended = subprocess.run(
        [sys.executable, "-m", *words], cwd=place, env=variables, check=False, capture_output=True, text=True
    )
    seconds = time.perf_counter() - began
    if ended.returncode:
        said = (ended.stdout + ended.stderr).strip()
        raise RuntimeError(f"{' '.join(words)} ended with {ended.returncode}: {said[-2000:]}")
    return seconds, ended.stdout


@dataclass(frozen=True)
class Wait:
    """Seconds of a command: to its end, to its table (its end where it prints none), and of CPU, of all processes."""

    seconds: float
    table: float
    cpu: float


def by_turns(commands: Mapping[str, tuple[list[str], Path, dict[str, str]]], times: int) -> dict[str, list[Any]]:
    """Waits of commands by name, as dicts; the first time of each, which compiles, is not counted.

    Args:
        commands: What `wait` takes, by name.
        times: How often each is timed.
    """
    for command in commands.values():
        wait(*command)
    found: dict[str, list[Any]] = {name: [] for name in commands}
    for _ in range(times):
        for name, command in commands.items():
            found[name].append(asdict(wait(*command)))
    return found


def wait(words: list[str], home: Path, environment: Mapping[str, str]) -> Wait:
    """One command, with everything that it starts.

    Args:
        words: For Python.
        home: Its folder, and its home, which has the programs that it finds compiled.
        environment: More variables.

    Raises:
        RuntimeError: It failed.
    """
    variables = {**os.environ, "HOME": str(home), "JAX_PLATFORMS": "cpu", **environment}
    ctypes.CDLL(None).prctl(SUBREAPER, 1, 0, 0, 0)
    used, began, table = _children(), time.perf_counter(), None
    process = subprocess.Popen(
        [sys.executable, *words], cwd=home, env=variables,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    said = []
    for line in process.stdout or ():
        said.append(line)
        if table is None and line.startswith("+--"):
            table = time.perf_counter() - began
    code, seconds = process.wait(), time.perf_counter() - began
    while True:  # the process that workers are forked from ends after its command
        try:
            os.wait()
        except ChildProcessError:
            break
    if code:
        raise RuntimeError(f"{' '.join(words)} ended with {code}: {''.join(said)[-2000:]}")
    return Wait(seconds, table or seconds, _children() - used)


def _children() -> float:
    """CPU seconds of the child processes that have ended."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime
