"""The best of stock Keras on JAX, which compiles by default: 32 steps per execution, at 5-11 s of compiling."""

from __future__ import annotations

from benchmarks.contenders.tuned_tensorflow import train

__all__ = ["train"]
