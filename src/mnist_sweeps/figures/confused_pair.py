"""Two digits, or other classes, that a net confuses: what it takes for what, and what it tells apart."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray

from mnist_sweeps.figures.class_names import DIGITS
from mnist_sweeps.figures.sheet import INK, NOTE, TEXT, remark, sheet
from mnist_sweeps.figures.tiles import tiles

SHOWN, COLUMNS = 25, 5


def confused_pair(
    images: ArrayLike,
    true: ArrayLike,
    predicted: ArrayLike,
    title: str,
    pair: tuple[int, int] | None = None,
    classes: Sequence[str] = DIGITS,
) -> Figure | None:
    """Four panels of up to 25 images for the classes a and b: rows are the true class, columns the predicted one.

    A row has as many lines as its confused images need, so that no panel is half empty. None where no pair was asked
    for and nothing is confused.

    Args:
        images: Shape [n_images, height, width], ink bright, any scale from 0 up.
        true: Labels from 0, shape [n_images].
        predicted: Labels from 0, shape [n_images].
        title: Names variant, seed and split, as in `512-256, seed 0, 1,000 test images`.
        pair: Labels a and b; else those that are taken for each other most often, both ways together.
        classes: The names of the labels.
    """
    images, true, predicted = np.asarray(images), np.asarray(true), np.asarray(predicted)
    asked = pair is not None
    pair = pair or most_confused(true, predicted, len(classes))
    if pair is None:
        return None
    one, other = pair
    names = [classes[label] for label in pair]
    why = "asked for" if asked else "confused most often, both ways together"
    note = f"{names[0]} and {names[1]}: the pair {why} · the first images of each kind"
    wrong = [int(((true == a) & (predicted == b)).sum()) for a, b in ((one, other), (other, one))]
    lines = [max(1, -(-min(count, SHOWN) // COLUMNS)) for count in wrong]
    figure = sheet(title, 7.0, 1.9 + 0.62 * sum(lines), note)
    panels = figure.subplots(2, 2, height_ratios=lines)
    brightest = float(images.max()) if images.size else 1.0
    for (row, column), ax in np.ndenumerate(panels):
        found = np.flatnonzero((true == pair[row]) & (predicted == pair[column]))
        counted = f"{len(found):,} image{'' if len(found) == 1 else 's'}"
        ax.set_title(f"true {names[row]}, predicted {names[column]}: {counted}", fontsize=TEXT, color=INK)
        _draw(ax, images[found[: COLUMNS * lines[row]]], lines[row], brightest)
        for spine in ax.spines.values():
            spine.set_color(NOTE if row == column else INK)
            spine.set_linewidth(0.8 if row == column else 2.0)
    return figure


def most_confused(true: NDArray[Any], predicted: NDArray[Any], classes: int = 10) -> tuple[int, int] | None:
    """The labels a < b with the most images of a taken for b and of b for a; None where none is.

    Args:
        true: Labels from 0, shape [n_images].
        predicted: Labels from 0, shape [n_images].
        classes: Number of classes.
    """
    counts = np.zeros((classes, classes), dtype=np.int64)
    np.add.at(counts, (true.astype(np.int64), predicted.astype(np.int64)), 1)
    both = np.triu(counts + counts.T, k=1)
    if not both.any():
        return None
    one, other = np.unravel_index(both.argmax(), both.shape)
    return int(one), int(other)


def _draw(ax: Axes, digits: NDArray[Any], lines: int, brightest: float) -> None:
    ax.set(xticks=[], yticks=[])
    sheet_of_digits = tiles(digits, COLUMNS)
    height, width = tiles(
        np.zeros((COLUMNS * lines, *digits.shape[1:])), COLUMNS
    ).shape  # two panels of a row are equal
    ax.imshow(sheet_of_digits, cmap="gray_r", vmin=0, vmax=brightest, interpolation="nearest")
    ax.set_ylim(height + 2, -4)
    ax.set_xlim(-4, width + 2)
    if not len(digits):
        remark(ax, "none")
