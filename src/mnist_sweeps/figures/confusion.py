"""Which digits are taken for which."""

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray

from mnist_sweeps.figures.sheet import INK, NOTE, PALE, SMALL, TEXT, frame, sheet

DIGITS = 10


def confusion(true: ArrayLike, predicted: ArrayLike, title: str) -> Figure:
    """The confusion matrix: numbers are counts, colours the errors as a share of each true digit.

    Rows are true digits, columns predicted ones. The diagonal has no colour (grey), since 98 % on it would leave none
    for the errors.

    Args:
        true: Digits 0 to 9, shape [n_images].
        predicted: Digits 0 to 9, shape [n_images].
        title: Names variant, seed and split, as in `512-256, seed 0, test`.
    """
    counts = np.zeros((DIGITS, DIGITS), dtype=np.int64)
    np.add.at(counts, (np.asarray(true, dtype=np.int64), np.asarray(predicted, dtype=np.int64)), 1)
    images, right = int(counts.sum()), int(np.trace(counts))
    share = 100 * counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    np.fill_diagonal(share, np.nan)
    figure = sheet(title, 8.0, 7.4, "empty cell: none · grey: right predictions, without colour")
    ax = figure.add_subplot()
    _draw(ax, counts, share, f"{images - right:,} of {images:,} images wrong")
    return figure


def _draw(ax: Axes, counts: NDArray[np.int64], share: NDArray[Any], title: str) -> None:
    frame(ax, title, "predicted digit", "true digit")
    ax.grid(visible=False)
    ax.set_facecolor(PALE)
    highest = float(np.nanmax(share)) or 1.0
    image = ax.imshow(share, cmap="Blues", norm=Normalize(0, highest))
    ax.set_xticks(range(DIGITS))
    ax.set_yticks(range(DIGITS))
    for (row, column), count in np.ndenumerate(counts):
        if count > 0:
            colour = "white" if share[row, column] > 0.55 * highest else INK
            cell = ax.text(column, row, f"{count:,}", ha="center", va="center", fontsize=TEXT, color=colour)
            cell.set_in_layout(False)  # 100 of them: measuring each would take as long as drawing
    bar = ax.figure.colorbar(image, ax=ax, shrink=0.8)
    bar.set_label("errors (% of the true digit's images)", fontsize=TEXT, color=INK)
    bar.ax.tick_params(labelsize=SMALL, labelcolor=INK, color=NOTE)
    bar.outline.set_visible(False)
