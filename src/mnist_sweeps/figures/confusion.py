"""Which digits are taken for which."""

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray

from mnist_sweeps.figures.sheet import INK, NOTE, PALE, SMALL, TEXT, frame, sheet

DIGITS = 10
COLOURS = "errors (% of the true digit's images)"


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
    # Here, because it takes a second that the figures of a job do not need.
    import seaborn as sns  # type: ignore[import-untyped]

    frame(ax, title, "predicted digit", "true digit")
    ax.grid(visible=False)
    ax.set_facecolor(PALE)
    written = np.where(counts > 0, np.char.mod("%d", counts), "")
    sns.heatmap(
        share, annot=written, fmt="", annot_kws={"fontsize": TEXT}, cmap="Blues", vmin=0,
        vmax=float(np.nanmax(share)) or 1.0, cbar_kws={"shrink": 0.8, "label": COLOURS}, ax=ax,
    )  # fmt: skip
    for digit in range(DIGITS):  # seaborn writes nothing into a cell without colour
        place = digit + 0.5
        ax.text(place, place, written[digit, digit], ha="center", va="center", fontsize=TEXT, color=INK)
    for cell in ax.texts:
        cell.set_in_layout(False)  # 100 of them: measuring each would take as long as drawing
    ax.set(xlabel="predicted digit", ylabel="true digit")
    ax.tick_params(length=0, rotation=0)
    bar = ax.figure.axes[-1]
    bar.yaxis.label.set(fontsize=TEXT, color=INK)
    bar.tick_params(labelsize=SMALL, labelcolor=INK, color=NOTE)
