"""Which digits, or other classes, are taken for which."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray

from mnist_sweeps.figures.class_names import DIGITS, word
from mnist_sweeps.figures.sheet import INK, NOTE, PALE, SMALL, TEXT, frame, sheet

WRITTEN = 30  # classes at most whose counts fit into the cells


def confusion(true: ArrayLike, predicted: ArrayLike, title: str, classes: Sequence[str] = DIGITS) -> Figure:
    """The confusion matrix: numbers are counts, colours the errors as a share of each true class.

    Rows are true classes, columns predicted ones. The diagonal has no colour (grey), since 98 % on it would leave none
    for the errors.

    Args:
        true: Labels from 0, shape [n_images].
        predicted: Labels from 0, shape [n_images].
        title: Names variant, seed and split, as in `512-256, seed 0, test`.
        classes: The names of the labels.
    """
    counts = np.zeros((len(classes), len(classes)), dtype=np.int64)
    np.add.at(counts, (np.asarray(true, dtype=np.int64), np.asarray(predicted, dtype=np.int64)), 1)
    images, right = int(counts.sum()), int(np.trace(counts))
    share = 100 * counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    np.fill_diagonal(share, np.nan)
    side = max(7.4, 0.4 * min(len(classes), WRITTEN))
    figure = sheet(title, side + 0.6, side, "empty cell: none · grey: right predictions, without colour")
    ax = figure.add_subplot()
    _draw(ax, counts, share, f"{images - right:,} of {images:,} images wrong", classes)
    return figure


def _draw(ax: Axes, counts: NDArray[np.int64], share: NDArray[Any], title: str, classes: Sequence[str]) -> None:
    # Here, because it takes a second that the figures of a job do not need.
    import seaborn as sns  # type: ignore[import-untyped]

    across, down = f"predicted {word(classes)}", f"true {word(classes)}"
    frame(ax, title, across, down)
    ax.grid(visible=False)
    ax.set_facecolor(PALE)
    fits = len(classes) <= WRITTEN
    written = np.where((counts > 0) & fits, np.char.mod("%d", counts), "")
    label = f"errors (% of the true {word(classes)}'s images)"
    names = list(classes) if fits else "auto"
    sns.heatmap(
        share, annot=written, fmt="", annot_kws={"fontsize": TEXT}, cmap="Blues", vmin=0,
        vmax=float(np.nanmax(share)) or 1.0, cbar_kws={"shrink": 0.8, "label": label}, ax=ax,
        xticklabels=names, yticklabels=names,
    )  # fmt: skip
    for digit in range(len(classes)):  # seaborn writes nothing into a cell without colour
        place = digit + 0.5
        ax.text(place, place, written[digit, digit], ha="center", va="center", fontsize=TEXT, color=INK)
    for cell in ax.texts:
        cell.set_in_layout(False)  # 100 of them: measuring each would take as long as drawing
    ax.set(xlabel=across, ylabel=down)
    ax.tick_params(length=0, rotation=0)
    if max(map(len, classes)) > 3:
        ax.tick_params(axis="x", rotation=90)
    bar = ax.figure.axes[-1]
    bar.yaxis.label.set(fontsize=TEXT, color=INK)
    bar.tick_params(labelsize=SMALL, labelcolor=INK, color=NOTE)
