"""The density that a violin shows, from the quantiles of a sample."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

POINTS = 60  # of a violin: more look the same at 300 pixels
# Below this spread, relative to the largest value, numbers are float32 copies of one constant: no density.
CONSTANT = 1e-6


def density(values: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]] | None:
    """Places [POINTS] from the smallest to the largest value, and the density there, relative to its maximum.

    A Gaussian kernel density estimate with Scott's bandwidth, sd * n ** -0.2 (Scott 1992), as seaborn's violins have.
    The quantiles of a large sample stand for the sample: 2,001 of them look the same as 400,000 values.

    Args:
        values: The sample, or equally spaced quantiles of it, shape [n].

    Returns:
        None where there is no density: values that are not finite, or all equal.
    """
    if not np.isfinite(values).all() or np.ptp(values) <= CONSTANT * np.abs(values).max():
        return None
    bandwidth = values.std(ddof=1) * len(values) ** -0.2
    places = np.linspace(values.min(), values.max(), POINTS)
    kernels = np.exp(-0.5 * ((places[:, None] - values) / bandwidth) ** 2)
    heights: NDArray[np.float64] = kernels.sum(axis=1)
    return places, heights / heights.max()
