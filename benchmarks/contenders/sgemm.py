"""The processor's peak: float32 multiplications of 2048 x 2048 matrices by NumPy."""

from __future__ import annotations

import numpy as np

from benchmarks.contender import Gate
from mnist_sweeps.config.schema import Config
from mnist_sweeps.training.inputs import Arrays

SIZE = 2048
TIMES = 5
FLOPS = TIMES * 2.0 * SIZE**3  # a turn


def train(config: Config, arrays: Arrays, epochs: int, gate: Gate) -> None:
    """Five multiplications a turn; config and arrays are not looked at."""
    left, right = np.random.default_rng(0).random((2, SIZE, SIZE), np.float32)
    product = np.empty_like(left)
    for _ in range(epochs):
        gate.begin()
        for _ in range(TIMES):
            np.matmul(left, right, out=product)
        gate.end({})
