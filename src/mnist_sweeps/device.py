"""Backend, visible devices and threads: resolved once for a sweep, fixed once a process before Keras is imported."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from mnist_sweeps.config import ConfigError

BACKENDS = ("tensorflow", "jax")  # in the order that `auto` prefers them
COUNT_GPUS = {
    "tensorflow": "import tensorflow as tf; print(len(tf.config.list_physical_devices('GPU')))",
    "jax": "import jax; print(sum(d.platform == 'gpu' for d in jax.devices()))",
}


@dataclass(frozen=True)
class Machine:
    """What a sweep runs on: `tensorflow` or `jax`; `cpu` or `gpu:N`; threads of the backend on a CPU."""

    backend: str
    device: str
    threads: int

    def __str__(self) -> str:
        return f"{self.backend}, {self.device}" + (f", {self.threads} threads" if self.device == "cpu" else "")


def resolve(device: str, backend: str, threads: int | None, workers: int = 1) -> Machine:
    """The machine that the keys `device`, `backend`, `threads` and `workers` ask for; imports no backend.

    Raises:
        ConfigError: a backend that is not installed, or a GPU that the backend does not see.
    """
    backend = _backend(backend)
    kind, _, number = device.partition(":")
    gpus = 0 if kind == "cpu" else _gpus(backend)
    index = int(number or 0)
    if kind == "gpu" and index >= gpus:
        raise ConfigError(
            f"device={device}: {backend} sees {gpus} GPUs here; choose device=cpu or device=auto, "
            "or install the GPU builds with pip install 'mnist-sweeps[gpu]'"
        )
    return Machine(backend, f"gpu:{index}" if gpus else "cpu", threads or max(1, _cores() // workers))


def enter(machine: Machine) -> None:
    """Fixes backend, devices and threads of this process; only before Keras is imported.

    Raises:
        RuntimeError: Keras runs on another backend here already (a living process cannot change it).
    """
    if "keras" in sys.modules:
        running = sys.modules["keras"].backend.backend()
        if running != machine.backend:
            raise RuntimeError(f"this process runs Keras on {running}; {machine.backend} needs a process of its own")
        return
    on_gpu = machine.device.startswith("gpu")
    os.environ["KERAS_BACKEND"] = machine.backend
    os.environ["CUDA_VISIBLE_DEVICES"] = _visible(int(machine.device[4:])) if on_gpu else "-1"
    os.environ["TF_FORCE_GPU_ALLOW_GROWTH"] = "true"
    os.environ["XLA_PYTHON_CLIENT_PREALLOCATE"] = "false"
    if not on_gpu:
        os.environ["JAX_PLATFORMS"] = "cpu"
        os.environ["NPROC"] = str(machine.threads)  # the size of XLA's thread pool
    if machine.backend == "tensorflow":
        import tensorflow as tf

        tf.config.threading.set_intra_op_parallelism_threads(machine.threads)
        tf.config.threading.set_inter_op_parallelism_threads(machine.threads)


def _backend(asked: str) -> str:
    installed = [name for name in BACKENDS if find_spec(name)]
    if asked == "auto" and installed:
        return installed[0]
    if asked not in installed:
        raise ConfigError(f"backend={asked}: not installed; installed: {', '.join(installed) or 'none'}")
    return asked


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _gpus(backend: str) -> int:
    """How many GPUs the backend sees, asked in a child process; 0 at once where no driver has made a device."""
    if not any(Path("/dev").glob("nvidia[0-9]*")) and not Path("/dev/dxg").exists():
        return 0
    answer = subprocess.run([sys.executable, "-c", COUNT_GPUS[backend]], capture_output=True, text=True, check=False)
    return int(answer.stdout.strip() or 0) if answer.returncode == 0 else 0


def _visible(index: int) -> str:
    """The GPU's name among those that CUDA_VISIBLE_DEVICES leaves to us."""
    listed = os.environ.get("CUDA_VISIBLE_DEVICES", "")
    return listed.split(",")[index] if listed else str(index)
