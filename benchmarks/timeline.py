"""What a stopwatch's lines say: events with beginning and end, one inside another, sums of some names."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Event:
    """A call or an import; times in seconds."""

    name: str
    process: int
    begin: float
    end: float

    @property
    def seconds(self) -> float:
        """How long it took."""
        return self.end - self.begin

    def inside(self, other: Event) -> bool:
        """Whether it happened during the other, in the same process."""
        return self.process == other.process and other.begin <= self.begin and self.end <= other.end


def read(path: Path) -> list[Event]:
    """The events of a command, by their beginning."""
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    events = [Event(one["name"], one["process"], one["end"] - one["seconds"], one["end"]) for one in lines]
    return sorted(events, key=lambda event: event.begin)


def record(arguments: list[str], folder: Path, home: Path) -> list[Event]:
    """The events of `mnist-sweeps ARGUMENTS` in `folder`; compiled programs are kept below `home`.

    The first is the command itself, from before its process began to its end.

    Raises:
        RuntimeError: it failed.
    """
    path = folder / f"events-{time.time_ns()}.jsonl"
    environment = {**os.environ, "TIMELINE": str(path), "HOME": str(home)}
    began = time.time()
    ended = subprocess.run(
        [sys.executable, Path(__file__).with_name("traced.py"), *arguments],
        cwd=folder, env=environment, check=False, capture_output=True, text=True,
    )  # fmt: skip
    if ended.returncode:
        raise RuntimeError(f"{arguments} ended with {ended.returncode}:\n{ended.stdout}{ended.stderr[-2000:]}")
    return [Event("whole command", 0, began, time.time()), *read(path)]


def named(events: list[Event], name: str) -> list[Event]:
    """Those of that name."""
    return [event for event in events if event.name == name]


def spent(events: list[Event], name: str, inside: list[Event]) -> float:
    """Seconds in events of that name during any of `inside`."""
    return sum(one.seconds for one in named(events, name) if any(one.inside(other) for other in inside))
