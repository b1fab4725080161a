"""`mnist-sweeps` with a stopwatch: a line in $TIMELINE for each of the calls and imports below, in all its processes.

    TIMELINE=events.jsonl python benchmarks/traced.py [overrides]

Run as a file, not with -m: a spawned worker runs its parent's main file again, and so gets the stopwatch, too.
"""

from __future__ import annotations

import functools
import importlib.abc
import importlib.util
import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

CALLS = {
    "mnist_sweeps.planning.planner": ["Planner.plan"],
    "mnist_sweeps.sweeps.dry_run": ["dry_run"],
    "mnist_sweeps.cli.train": ["task"],
    "mnist_sweeps.data.dataset": ["load"],
    "mnist_sweeps.training.inputs": ["prepare"],
    "mnist_sweeps.training.trainer": ["Trainer.__init__"],
    "mnist_sweeps.training.weight_summary": ["summary"],
    "mnist_sweeps.training.engines.jax_epoch": ["JaxEpochEngine.run", "JaxEpochEngine.predict"],
    "mnist_sweeps.models.network": ["build"],
    "mnist_sweeps.storage.run_folder": ["begin", "publish"],
    "mnist_sweeps.job.run_figures": ["draw_default"],
    "mnist_sweeps.report": ["write_files"],
}
IMPORTS = ("hydra", "keras", "jax", "matplotlib", "pandas", "mnist_sweeps.job.job")
COMPILING = ("jaxpr_trace", "jaxpr_to_mlir_module", "backend_compile")  # of JAX's own events


def note(name: str, seconds: float, end: float | None = None) -> None:
    """Adds a line; `end` in seconds since 1970, so that processes can be compared."""
    line = json.dumps({"name": name, "process": os.getpid(), "end": end or time.time(), "seconds": seconds})
    with Path(os.environ["TIMELINE"]).open("a") as file:
        file.write(line + "\n")


def timed(name: str, call: Callable[..., Any]) -> Callable[..., Any]:
    """The call, noted each time."""

    @functools.wraps(call)
    def watched(*arguments: Any, **keywords: Any) -> Any:
        began = time.perf_counter()
        try:
            return call(*arguments, **keywords)
        finally:
            note(name, time.perf_counter() - began)

    return watched


class Stopwatch(importlib.abc.MetaPathFinder):
    """Finds modules as Python does, and puts the stopwatch on them once they are imported."""

    def find_spec(self, name: str, path: Any, target: Any = None) -> Any:
        """None for all modules but ours."""
        if name not in CALLS and name not in IMPORTS:
            return None
        sys.meta_path.remove(self)
        try:
            spec = importlib.util.find_spec(name)
        finally:
            sys.meta_path.insert(0, self)
        if spec is not None and spec.loader is not None:
            spec.loader.exec_module = self._executed(spec.loader.exec_module)  # type: ignore[method-assign]
        return spec

    def _executed(self, execute: Callable[[Any], None]) -> Callable[[Any], None]:
        def executed(module: Any) -> None:
            began = time.perf_counter()
            execute(module)
            if module.__name__ in IMPORTS:
                note(f"import {module.__name__}", time.perf_counter() - began)
            if module.__name__ == "jax":
                module.monitoring.register_event_duration_secs_listener(compiling)
            watch(module)

        return executed


def watch(module: Any) -> None:
    """Puts the stopwatch on the calls of a module."""
    for name in CALLS.get(module.__name__, []):
        *owner, last = name.split(".")
        holder = getattr(module, owner[0]) if owner else module
        setattr(holder, last, timed(f"{module.__name__.split('.')[-1]}.{name}", getattr(holder, last)))


def compiling(event: str, seconds: float, **_: Any) -> None:
    """Takes JAX's word for what it traced, lowered and compiled."""
    for name in COMPILING:
        if name in event:
            note(f"jax {name}", seconds)


def start() -> None:
    """Watches modules that are imported from now on, and those that a forked worker has already."""
    for name in CALLS:
        if name in sys.modules:
            watch(sys.modules[name])
    if "jax" in sys.modules:
        sys.modules["jax"].monitoring.register_event_duration_secs_listener(compiling)
    sys.meta_path.insert(0, Stopwatch())


if "TIMELINE" in os.environ:
    start()

if __name__ == "__main__":
    note("command", 0)
    from mnist_sweeps.cli.main import cli

    sys.exit(cli())
