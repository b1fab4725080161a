"""Keras's backend in this process: with its devices and threads it is fixed once, before Keras is imported."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from mnist_sweeps.runtime import kept_programs, numerics
from mnist_sweeps.runtime.device import Machine, visible_gpu


def configure_process(machine: Machine) -> None:
    """Fixes backend, devices and threads of this process; only before Keras is imported.

    Raises:
        RuntimeError: Keras runs on another backend here already (a living process cannot change it).
    """
    if "keras" in sys.modules:
        running = sys.modules["keras"].backend.backend()
        if running != machine.backend:
            raise RuntimeError(f"this process runs Keras on {running}; {machine.backend} needs a separate process")
        if machine.device == "cpu":
            os.environ["NPROC"] = str(machine.threads)  # a forked worker has imported Keras, and not used JAX yet
        return
    numerics.clear_environment()
    on_gpu = machine.device.startswith("gpu")
    os.environ["KERAS_BACKEND"] = machine.backend
    os.environ["CUDA_VISIBLE_DEVICES"] = visible_gpu(int(machine.device[4:])) if on_gpu else "-1"
    os.environ["TF_FORCE_GPU_ALLOW_GROWTH"] = "true"
    os.environ["XLA_PYTHON_CLIENT_PREALLOCATE"] = "false"
    if not on_gpu:
        os.environ["JAX_PLATFORMS"] = "cpu"
        os.environ["NPROC"] = str(machine.threads)  # the size of XLA's thread pool
    if machine.backend == "jax":
        # Keras on JAX would import TensorFlow only to ask whether things are its own: 3 s and 300 MB
        sys.modules.setdefault("tensorflow", None)  # type: ignore[arg-type]
    else:
        with _light_import("jax"):  # TensorFlow imports Keras, and JAX if it can, to convert its functions for TFLite
            import tensorflow as tf
        tf.config.threading.set_intra_op_parallelism_threads(machine.threads)
        tf.config.threading.set_inter_op_parallelism_threads(machine.threads)


def import_keras() -> None:
    """Imports Keras and sets its defaults."""
    with _light_import():
        numerics.set_keras_defaults()


@contextmanager
def _light_import(*unused: str) -> Iterator[None]:
    """Hides packages that nothing here uses, and stops the garbage collector, while Keras is imported.

    Keras needs them for its wrappers and for notebooks; they can be imported normally afterwards. They take 1.4 s of
    the 2.5 s of CPU time of its import on JAX. The collector looks again and again through objects that all stay:
    without it and JAX the import takes 2.9 s on TensorFlow (4.4 before), and 1.4 s on JAX (1.7).

    Args:
        unused: Further packages to hide.
    """
    hidden = [name for name in ("sklearn", "matplotlib", "pandas", "IPython", *unused) if name not in sys.modules]
    sys.modules.update(dict.fromkeys(hidden))  # type: ignore[arg-type]  # None: Python takes it for not installed
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        for name in hidden:
            del sys.modules[name]
        if collecting:
            gc.enable()
    if sys.modules["keras"].backend.backend() == "jax":
        kept_programs.keep_programs()
