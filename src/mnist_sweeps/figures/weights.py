"""How the kernels were initialised, and what training made of them."""

from collections.abc import Mapping
from typing import Any

from matplotlib.figure import Figure
from numpy.typing import NDArray

from mnist_sweeps.figures.violins import violins


def weights(summary: Mapping[str, NDArray[Any]], title: str) -> Figure:
    """A violin panel for every kernel of the net, the output layer's included, in layer order.

    Args:
        summary: The content of weights.npz.
        title: Names variant and seed, as in `512-256, seed 0`.
    """
    return violins(summary, "kernel", "kernel weight (no unit)", title)
