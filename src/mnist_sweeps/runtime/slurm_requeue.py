"""In a job of Slurm: it is requeued at a time-out and a preemption, and the run that it trains ends as interrupted."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

import cloudpickle
import submitit
from submitit.core.utils import UncompletedJobError

from mnist_sweeps.runtime import messages

PREEMPTED = signal.SIGUSR2  # what submitit asks Slurm to send before a time-out


@dataclass
class Requeued:
    """What a job of submitit calls; it has a `checkpoint`, and so is requeued at a time-out and a preemption."""

    function: bytes
    cwd: Path
    command: list[str]

    def __call__(self, argument: Any) -> Any:
        """In the job."""
        messages.log_to_stderr()
        os.chdir(self.cwd)
        sys.argv = self.command  # the provenance of a run says it
        with interrupted_when_requeued():
            return cloudpickle.loads(self.function)(argument)

    def checkpoint(self, argument: Any) -> Any:
        """What the requeued job calls: the same, since run folders say what is left to do."""
        return submitit.helpers.DelayedSubmission(self, argument)


@contextmanager
def interrupted_when_requeued() -> Iterator[None]:
    """Turns the exit of submitit's signal handler into a KeyboardInterrupt for the code of the block.

    A run that is being trained then ends as interrupted, as it does at Ctrl-C.
    """
    handler = signal.getsignal(PREEMPTED)
    ends: list[BaseException] = []

    def on_signal(number: int, frame: FrameType | None) -> None:
        try:
            if callable(handler):
                handler(number, frame)
        except (SystemExit, UncompletedJobError) as end:
            ends.append(end)
            raise KeyboardInterrupt from end

    signal.signal(PREEMPTED, on_signal)
    try:
        yield
    except KeyboardInterrupt:
        if ends:
            raise ends[0] from None
        raise
    finally:
        signal.signal(PREEMPTED, handler)
