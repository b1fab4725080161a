"""Imports what a job needs, before it is known which job."""

from __future__ import annotations

import gc
import os
from contextlib import suppress
from pathlib import Path

from mnist_sweeps.runtime import device, keras_backend, stderr_log


def preload(machine: device.Machine) -> None:
    """Imports the backend, set up for `machine`, and what trains.

    What cannot be imported is left to the job, which imports it again and reports the error in its log.
    """
    with suppress(ImportError), stderr_log.captured(Path(os.devnull)):  # TensorFlow prints what it finds here
        keras_backend.configure_process(machine)
        keras_backend.import_keras()
        import mnist_sweeps.job.job
        import mnist_sweeps.planning.compose  # noqa: F401
    gc.freeze()  # the collector leaves these objects alone, so that the memory of forked workers stays shared
