"""Digits as they are, and as the network gets them."""

import numpy as np
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray

from mnist_sweeps.figures.sheet import INK, NOTE, PALE, SMALL, TEXT, sheet
from mnist_sweeps.figures.tiles import GAP, tiles


def inputs(digit: ArrayLike, seen: ArrayLike, label: ArrayLike, shown: str, title: str) -> Figure:
    """Two rows: one image of each class, and what preprocessing leaves of it, each row on its own scale.

    Args:
        digit: The images, shape [n, height, width], 0 to 255.
        seen: That shape; nan where the network gets nothing, which stays pale.
        label: The names of the true classes, shape [n].
        shown: What `seen` is, as in `pixels from 0 to 1`.
        title: Names variant and split, as in `512-256, the first test image of each digit`.
    """
    rows = (("as they are", np.asarray(digit)), (f"as the network sees them: {shown}", np.asarray(seen)))
    blank = bool(np.isnan(np.asarray(seen, dtype=np.float64)).any())
    figure = sheet(title, 9.6, 3.4, "blue-grey: pixels that the network does not get" if blank else "")
    for ax, (name, images) in zip(figure.subplots(2, 1), rows, strict=True):
        _draw(ax, name, images)
    width = np.asarray(digit).shape[2]
    figure.axes[0].set_xticks(
        (width + GAP) * np.arange(len(np.asarray(label))) + width / 2, [str(one) for one in np.asarray(label)]
    )
    figure.axes[0].tick_params(bottom=False, labelbottom=False, labeltop=True, labelsize=TEXT, labelcolor=INK)
    return figure


def _draw(ax: Axes, name: str, images: NDArray[np.float64]) -> None:
    ax.set_title(name, fontsize=TEXT, color=INK, loc="left", parse_math=False)
    low, high = min(0.0, float(np.nanmin(images))), float(np.nanmax(images))
    paper = np.where(np.isnan(images), 2 * high + 1, images)  # above the range: `tiles` has nan for the gaps
    colours = colormaps["gray_r"].with_extremes(bad="white", over=PALE)
    ax.imshow(tiles(paper, len(images)), cmap=colours, vmin=low, vmax=high, interpolation="nearest")
    ax.set(xticks=[], yticks=[])
    ax.spines[:].set_visible(False)
    for height, shade in ((0.9, f"black {high:.3g}"), (0.1, f"white {low:.3g}")):
        ax.text(1.01, height, shade, transform=ax.transAxes, fontsize=SMALL, color=NOTE, va="center")
