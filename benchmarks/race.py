"""A race: contenders in processes of their own, one epoch each in turn, so that all meet the same moments."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from statistics import median
from typing import Any

from benchmarks.nets import Net


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
    lanes, runners = {}, {}
    try:
        for name in contenders:
            runners[name] = _Runner(name, net)
            lanes[name] = Lane(first=runners[name].epoch()["seconds"])
        for _ in range(rounds):
            for name, runner in runners.items():
                answer = runner.epoch()
                lanes[name].seconds.append(answer["seconds"])
                lanes[name].val_accuracy = answer["val_accuracy"]
    finally:
        for runner in runners.values():
            runner.stop()
    return lanes


class _Runner:
    def __init__(self, name: str, net: Net) -> None:
        self.name, self.log = name, tempfile.TemporaryFile("w+")  # noqa: SIM115  (closed by stop)
        command = [sys.executable, "-m", "benchmarks.contender", name]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": self.log}
        self.process = subprocess.Popen(command, text=True, bufsize=1, **pipes)  # type: ignore[call-overload]
        self._say(json.dumps(asdict(net.config)))

    def epoch(self) -> dict[str, Any]:
        """The contender's answer to one more epoch."""
        self._say("go")
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
