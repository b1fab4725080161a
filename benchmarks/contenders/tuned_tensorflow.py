"""The best of stock Keras on TensorFlow: 32 steps per execution (XLA, `jit_compile=True`, is 5 times slower here)."""

from __future__ import annotations

from benchmarks.contender import Gate
from benchmarks.contenders import notebook_fit
from mnist_sweeps.config.schema import Config
from mnist_sweeps.training.inputs import Arrays


def train(config: Config, arrays: Arrays, epochs: int, gate: Gate) -> None:
    """One epoch a turn."""
    notebook_fit.train(config, arrays, epochs, gate, steps_per_execution=32)
