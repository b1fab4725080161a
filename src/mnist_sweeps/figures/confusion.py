"""Which digits are taken for which."""

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import PowerNorm
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray

from mnist_sweeps.figures.sheet import INK, NOTE, PALE, SMALL, TEXT, frame, sheet

DIGITS = 10


def confusion(true: ArrayLike, predicted: ArrayLike, title: str) -> Figure:
    """The confusion matrix as counts, and next to it the errors as a share of each true digit.

    Rows are true digits, columns predicted ones. Right, every row is divided by its sum and the diagonal
    is removed (grey), since 98 % on it would leave no colour for the errors.

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

    note = "empty cell: none · grey: the diagonal, removed so that the errors have the colours to themselves"
    figure = sheet(title, 12.5, 6.0, note)
    left, second = figure.subplots(1, 2)
    # Among counts, the square root keeps a single error visible next to a thousand correct predictions.
    names = (
        f"Counts: {images - right:,} of {images:,} images wrong",
        "Errors per true digit, diagonal removed",
    )
    _draw(left, counts, "{:,.0f}", 0.5, names[0], "images (square-root colours)")
    _draw(second, share, "{:.1f}", 1.0, names[1], "% of the true digit's images")
    return figure


def _draw(ax: Axes, matrix: NDArray[Any], form: str, power: float, title: str, unit: str) -> None:
    frame(ax, title, "predicted digit", "true digit")
    ax.grid(visible=False)
    ax.set_facecolor(PALE)
    highest = float(np.nanmax(matrix)) or 1.0
    image = ax.imshow(matrix, cmap="Blues", norm=PowerNorm(power, vmin=0, vmax=highest))
    ax.set_xticks(range(DIGITS))
    ax.set_yticks(range(DIGITS))
    for (row, column), value in np.ndenumerate(matrix):
        if value > 0:
            colour = "white" if (value / highest) ** power > 0.55 else INK
            cell = ax.text(column, row, form.format(value), ha="center", va="center", fontsize=SMALL, color=colour)
            cell.set_in_layout(False)  # 200 of them: measuring each would take as long as drawing
    bar = ax.figure.colorbar(image, ax=ax, shrink=0.8)
    bar.set_label(unit, fontsize=TEXT, color=INK)
    bar.ax.tick_params(labelsize=SMALL, labelcolor=INK, color=NOTE)
    bar.outline.set_visible(False)
