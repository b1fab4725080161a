"""A job that does what it is told: what a worker process can meet."""

import os
import time
from pathlib import Path
from typing import Any


def act(job: Any) -> Any:
    """The value of the job `(kind, value)`, after the process or the job did what `kind` says."""
    kind, value = job
    if kind == "signal":
        os.kill(os.getpid(), value)
    if kind == "exit":
        os._exit(value)
    if kind == "raise":
        raise value
    if kind == "sleep":
        time.sleep(value)
    if kind == "once" and not Path(value).exists():  # dies the first time
        Path(value).touch()
        os._exit(9)
    if kind == "environment":
        return os.environ.get(value)
    return os.getpid() if kind == "pid" else value
