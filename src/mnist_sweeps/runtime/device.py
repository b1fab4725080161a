"""Backend, device and threads of a sweep: resolved once; `keras_backend` fixes them in each process."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.config.schema import Config
from mnist_sweeps.config.value_checks import is_whole

WORKER_MEMORY = 2 * 2**30  # bytes; one that trains on the full MNIST takes 1.3 to 1.6 GB
BACKENDS = ("tensorflow", "jax")
TENSORFLOW_IMPORT = 3e10  # multiply-accumulates of the small CNN that train in the 3 s of its import
COUNT_GPUS = {
    "tensorflow": "import tensorflow as tf; print(len(tf.config.list_physical_devices('GPU')))",
    "jax": "import jax; print(sum(d.platform == 'gpu' for d in jax.devices()))",
}


@dataclass(frozen=True)
class Machine:
    """What a sweep runs on: `tensorflow` or `jax`, by `fit` or `compiled`; `cpu` or `gpu:N`; the backend's threads."""

    backend: str
    device: str
    threads: int
    engine: str = "fit"

    @property
    def together(self) -> bool:
        """Whether the seeds of a job train as one program: faster on a GPU, slower on a CPU."""
        return (self.backend, self.engine) == ("jax", "compiled") and self.device.startswith("gpu")

    def __str__(self) -> str:
        threads = f", {self.threads} thread{'s' if self.threads > 1 else ''}" if self.device == "cpu" else ""
        return f"{self.backend} ({self.engine}), {self.device}{threads}"


def resolve(config: Config, faster: str = "tensorflow") -> Machine:
    """The machine that `device`, `backend`, `engine`, `threads` and `workers` ask for; imports no backend.

    `auto` takes the backend that sees a GPU, JAX before TensorFlow since it trains seeds together there; on a CPU the
    `faster` one, where it is installed.

    Raises:
        ConfigError: a backend that is not installed, an engine that it does not have, or a GPU that it does not see.
    """
    kind, _, number = config.device.partition(":")
    if config.backend == "auto" and kind != "cpu":
        seeing = (name for name in ("jax", "tensorflow") if find_spec(name) and _gpus(name))
        faster = next(seeing, faster)
    backend = installed_backend(config.backend, faster)
    gpus = 0 if kind == "cpu" else _gpus(backend)
    index = int(number or 0)
    if kind == "gpu" and index >= gpus:
        raise ConfigError(
            f"device={config.device}: {backend} sees {gpus} GPUs here; choose device=cpu or device=auto, "
            "or install the GPU builds with pip install 'mnist-sweeps[gpu]'"
        )
    engine = config.engine if config.engine != "auto" else "compiled"
    threads = config.threads or max(1, cores() // (config.workers if is_whole(config.workers) else 1))
    return Machine(backend, f"gpu:{index}" if gpus else "cpu", threads, engine)


def worker_count(config: Config, rows: int, threads: int | None) -> int:
    """How many workers train that many rows fastest where `workers` is auto.

    On a CPU one for each core, or for each `threads` of them, as far as there are rows and 2 GiB of memory for each:
    batches of 128 images are too small to be divided well among threads (benchmarks/results.md). On GPUs one for each.
    """
    if is_whole(config.workers):
        return int(config.workers)
    machine = resolve(config)
    if machine.device.startswith("gpu"):
        return max(1, min(rows, len(shared_gpus(config, machine))))
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return max(1, min(rows, cores() // (threads or config.threads or 1), memory // WORKER_MEMORY))


def fully_specified(config: Config) -> Machine | None:
    """The machine of a config that says it all, as the jobs of a sweep are given it; None where something is auto."""
    if config.threads is None or "auto" in (config.device, config.backend, config.engine):
        return None
    return Machine(config.backend, config.device, config.threads, config.engine)


def faster_backend(dense: float, convolutions: float) -> str:
    """The backend that trains this much work fastest on a CPU, the start of its workers included.

    Measured on 2 cores: a compiled epoch on JAX takes 0.43 of the time of TensorFlow's `fit` for dense nets. For
    convolutions it takes 1.6 to 2.3 times as long (`training/engines/jax_convolutions.py`), and JAX compiles each new
    network for 4 s, which TensorFlow does not: sweeps of both kinds count convolutions 3.5 times.

    Args:
        dense: Multiply-accumulates of all forward passes that train, in dense kernels.
        convolutions: Those in convolutions.
    """
    total = dense + convolutions
    return "jax" if total < TENSORFLOW_IMPORT or 0.43 * dense + 3.5 * convolutions < total else "tensorflow"


def multiplies_bfloat16() -> bool:
    """Whether this machine's CPU has instructions for bfloat16 (AMX, AVX512-BF16); True where Linux does not tell."""
    try:
        flags = Path("/proc/cpuinfo").read_text().split()
    except OSError:
        return True
    return not {"amx_bf16", "avx512_bf16"}.isdisjoint(flags)


def installed_backend(requested: str, faster: str) -> str:
    """The backend that is asked for; of `auto` the faster one, or the one that is installed.

    Raises:
        ConfigError: It is not installed.
    """
    installed = [name for name in BACKENDS if find_spec(name)]
    if requested == "auto" and installed:
        return faster if faster in installed else installed[0]
    if requested not in installed:
        raise ConfigError(f"backend={requested}: not installed; installed: {', '.join(installed) or 'none'}")
    return requested


def cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@cache
def _gpus(backend: str) -> int:
    """How many GPUs the backend sees, asked in a child process; 0 at once where no driver has made a device."""
    if not any(Path("/dev").glob("nvidia[0-9]*")) and not Path("/dev/dxg").exists():
        return 0
    answer = subprocess.run([sys.executable, "-c", COUNT_GPUS[backend]], capture_output=True, text=True, check=False)
    return int(answer.stdout.strip() or 0) if answer.returncode == 0 else 0


def shared_gpus(config: Config, machine: Machine) -> list[str]:
    """The GPUs that the workers of a sweep take turns at, by the names that CUDA_VISIBLE_DEVICES takes.

    None on a CPU, or where one GPU is asked for by its number.
    """
    if not machine.device.startswith("gpu") or ":" in config.device:
        return []
    return [visible_gpu(index) for index in range(_gpus(machine.backend))]


def visible_gpu(index: int) -> str:
    """The name of a GPU among those that CUDA_VISIBLE_DEVICES leaves to us."""
    listed = os.environ.get("CUDA_VISIBLE_DEVICES", "")
    return listed.split(",")[index] if listed else str(index)
