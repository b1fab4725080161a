"""Samples whose mean and variance are exactly the noise law's."""

import numpy as np

from mnist_sweeps import stats
from mnist_sweeps.stats import Sample

N = 10_000
SCORES = (0.9841, 0.9836, 0.9852, 0.9839, 0.9844)
DEAD = Sample((0.098,) * 5, N)
UNSTABLE = Sample((0.9840, 0.9700, 0.9500, 0.9831, 0.9100), N)


def follows_law(mean: float, seed: int, runs: int = 5, n_test: int = N) -> Sample:
    """Runs whose mean and variance are exactly the law's, in an order and shape of their own."""
    z = np.random.default_rng(seed).standard_normal(runs)
    z = (z - z.mean()) / z.std(ddof=1)
    return Sample(tuple((mean + z * stats.noise_law_sd(mean, n_test)).tolist()), n_test)


def spread(row: Sample, factor: float) -> Sample:
    """The row with `factor` times its sd."""
    return Sample(tuple(row.mean + factor * (value - row.mean) for value in row.values), row.n_test)


def sweep(rows: int = 15) -> dict[str, Sample]:
    """Rows of five runs each, all at 98.4 %."""
    return {f"row {i}": follows_law(0.984, i) for i in range(rows)}


def against_first(samples: dict[str, Sample]) -> dict[str, str]:
    """Every row but the first, compared with the first."""
    first, *others = samples
    return dict.fromkeys(others, first)
