"""What training made of the batch-norm scales."""

from collections.abc import Mapping
from typing import Any

from matplotlib.figure import Figure
from numpy.typing import NDArray

from mnist_sweeps.figures.violins import layers_with, violins


def batch_norm(summary: Mapping[str, NDArray[Any]], title: str) -> Figure | None:
    """A violin panel for the scale (gamma) of every batch-norm layer; None where the net has none.

    Gamma alone: offsets and moving averages are not in the summary.

    Args:
        summary: The content of weights.npz.
        title: Names variant and seed, as in `512-256, seed 0`.
    """
    if not layers_with(summary, "gamma"):
        return None
    return violins(summary, "gamma", "scale gamma (no unit)", title)
