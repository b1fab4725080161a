"""Which pixels a forest found important, and which of them the network gets."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from mnist_sweeps.figures.sheet import INK, NOTE, SMALL, TEXT, WARM, sheet


def pixel_importance(importance: ArrayLike, pixel: ArrayLike, digit: ArrayLike, title: str) -> Figure:
    """The forest's importance of every pixel as a map, and next to it the chosen pixels on a digit.

    Pixel k lies in row k // width and column k % width (the notebook, 004:2264, draws the rows as x: transposed).

    Args:
        importance: Shape [pixels], adding up to 1.
        pixel: Numbers from 0 of the chosen pixels, shape [n_pixels].
        digit: One image, shape [height, width], ink bright.
        title: Names variant, seed and the images that the forest was fitted on.
    """
    image = np.asarray(digit)
    chosen, weight = np.asarray(pixel, dtype=np.int64), np.asarray(importance, dtype=np.float64)
    share = 100 * weight[chosen].sum() / (weight.sum() or 1)
    figure = sheet(title, 9.6, 4.9)
    left, right = figure.subplots(1, 2)
    _head(left, "Importance of each pixel to the forest")
    shown = left.imshow(100 * weight.reshape(image.shape), cmap="Blues", vmin=0)
    bar = figure.colorbar(shown, ax=left, shrink=0.85)
    bar.set_label("importance (% of all pixels' sum)", fontsize=TEXT, color=INK)
    bar.ax.tick_params(labelsize=SMALL, labelcolor=INK, color=NOTE)
    bar.outline.set_visible(False)
    _head(right, f"The pixels that the network gets: {len(chosen)} of {len(weight)}, {share:.0f} % of the importance")
    right.imshow(image, cmap="gray_r")
    rows, columns = np.divmod(chosen, image.shape[1])
    right.scatter(columns, rows, s=42, marker="s", facecolors="none", edgecolors=WARM, linewidths=1.4)
    return figure


def _head(ax: Axes, title: str) -> None:
    ax.set_title(title, fontsize=TEXT, color=INK)
    ax.set(xticks=[], yticks=[])
    ax.spines[:].set_color(NOTE)
