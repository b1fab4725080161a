"""A race: contenders in processes of their own, in turn, so that all meet the same moments.

A turn is two epochs, of which the second counts: a system may take memory from a process that waits for its turn.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from statistics import median
from typing import Any

from benchmarks.nets import Net

SIDE_BY_SIDE = "ours_side_by_side"


@dataclass
class Lane:
    """What a contender did: seconds of its first epoch (tracing and compiling in it), and of each one after it."""

    first: float
    seconds: list[float] = field(default_factory=list)
    val_accuracy: float | None = None  # after its last epoch

    @property
    def median(self) -> float:
        """Seconds of an epoch in steady state."""
        return median(self.seconds)


def race(net: Net, contenders: list[str], rounds: int) -> dict[str, Lane]:
    """Each contender's lane: after a first epoch, `rounds` in turn. Only one of them computes at any time.

    Raises:
        RuntimeError: a contender ended before the race did; its last lines are in the message.
    """
    lanes: dict[str, Lane] = {}
    runners: dict[str, _Runner | _Pair] = {}
    try:
        for name in contenders:
            runners[name] = _Pair(net) if name == SIDE_BY_SIDE else _Runner(name, net)
            lanes[name] = Lane(first=runners[name].epoch()["seconds"])
        for _ in range(rounds):
            for name, runner in runners.items():
                runner.epoch()
                answer = runner.epoch()
                lanes[name].seconds.append(answer["seconds"])
                lanes[name].val_accuracy = answer["val_accuracy"]
    finally:
        for runner in runners.values():
            runner.stop()
    return lanes


class _Pair:
    """This project as a sweep runs it: a row on each of two cores; an epoch counts half of what the slower takes."""

    def __init__(self, net: Net) -> None:
        self.runners = [_Runner("ours", net, threads=1) for _ in range(2)]

    def epoch(self) -> dict[str, Any]:
        """The answer to one epoch of each, side by side."""
        for runner in self.runners:
            runner.begin()
        answers = [runner.end() for runner in self.runners]
        return {**answers[0], "seconds": max(answer["seconds"] for answer in answers) / 2}

    def stop(self) -> None:
        """Ends both."""
        for runner in self.runners:
            runner.stop()


class _Runner:
    def __init__(self, name: str, net: Net, threads: int | None = None) -> None:
        self.name, self.log = name, tempfile.TemporaryFile("w+")  # noqa: SIM115  (closed by stop)
        command = [sys.executable, "-m", "benchmarks.contender", name]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": self.log}
        self.process = subprocess.Popen(command, text=True, bufsize=1, **pipes)  # type: ignore[call-overload]
        self._say(json.dumps(asdict(replace(net.config, threads=threads))))

    def epoch(self) -> dict[str, Any]:
        """The contender's answer to one more epoch."""
        self.begin()
        return self.end()

    def begin(self) -> None:
        """Lets it train an epoch."""
        self._say("go")

    def end(self) -> dict[str, Any]:
        """Its answer, once the epoch is over."""
        line = self.process.stdout.readline()
        if not line:
            self.log.seek(0)
            raise RuntimeError(f"{self.name} ended early:\n{self.log.read()[-2000:]}")
        return dict(json.loads(line))

    def stop(self) -> None:
        """Ends the contender, whatever it is doing."""
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout, self.log):
            pipe.close()

    def _say(self, line: str) -> None:
        with suppress(BrokenPipeError):  # it has ended; the answer that does not come says so
            self.process.stdin.write(line + "\n")
