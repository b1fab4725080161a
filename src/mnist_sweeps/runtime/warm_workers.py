"""One process that has imported what a job needs, from which workers are forked instead of started anew.

A worker that is started anew imports Keras and JAX first: 2 s of CPU time, again for each worker that replaces one
after 20 jobs. The process that is forked has no backend running yet (JAX starts its threads at the first array, after
the fork), and so no lock that a fork could leave held. TensorFlow starts threads when it is imported, and a GPU belongs
to one process: workers for these are spawned.
"""

from __future__ import annotations

import sys
from multiprocessing import forkserver, get_context
from multiprocessing.context import BaseContext

_in_use = False


def start(module: str) -> None:
    """Starts the process, which imports while this one goes on; from now on workers are forked from it.

    Args:
        module: What it imports.
    """
    if sys.platform != "linux":  # macOS's own libraries do not survive a fork
        return
    global _in_use
    _in_use = True
    forkserver.set_forkserver_preload([module])
    forkserver.ensure_running()


def stop() -> None:
    """From now on workers are spawned."""
    global _in_use
    _in_use = False


def context() -> BaseContext:
    """How the next worker is started."""
    return get_context("forkserver" if _in_use else "spawn")
