"""What the benchmarks run on, in words; and the cores that everything in them may use."""

from __future__ import annotations

import os
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

THREADS = 2
CORES = sorted(os.sched_getaffinity(0))[:THREADS]  # every child inherits them, so nobody has more threads
PACKAGES = (
    "keras", "tensorflow", "jax", "jaxlib", "numpy", "hydra-core", "hydra-joblib-launcher", "keras-tuner",
)  # fmt: skip
VECTORS = ("avx2", "fma", "avx512f", "avx512_bf16", "amx_tile", "asimd", "sve")  # what decides about multiplications


def describe(threads: int) -> dict[str, str]:
    """Processor, memory, system, versions, threads and flags."""
    processor = _lines(Path("/proc/cpuinfo"))
    flags = processor.get("flags", processor.get("Features", "")).split()
    memory = int(_lines(Path("/proc/meminfo"))["MemTotal"].split()[0]) / 2**20
    return {
        "processor": f"{processor.get('model name', platform.machine())}, {os.cpu_count()} cores, {memory:.0f} GB",
        "vectors": " ".join(name for name in VECTORS if name in flags),
        "system": f"{platform.system()} {platform.machine()}, Python {platform.python_version()}",
        "versions": ", ".join(f"{name} {number}" for name in PACKAGES if (number := _version(name))),
        "threads": f"{threads}, by processor affinity: of every process, its children included",
        "flags": os.environ.get("XLA_FLAGS") or "none; TensorFlow's oneDNN as it comes",
    }


def _lines(path: Path) -> dict[str, str]:
    """The first value of each key of a file in /proc."""
    pairs = (line.partition(":") for line in reversed(path.read_text().splitlines()))
    return {key.strip(): value.strip() for key, _, value in pairs}


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""
