"""The digits that a net gets wrong, the most confident mistakes first."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray

from mnist_sweeps.figures.class_names import DIGITS
from mnist_sweeps.figures.sheet import INK, SMALL, TEXT, remark, sheet

SHOWN, COLUMNS, SIDE = 25, 5, 28  # an image is drawn 28 units wide, whatever its pixels
CAPTION, GAP = 11, 14  # in those units: two lines of text above each image, space between columns

PAPER = 0.06  # greyness of a tile, so that a caption belongs to one


def misclassified(
    images: ArrayLike,
    true: ArrayLike,
    predicted: ArrayLike,
    confidence: ArrayLike,
    title: str,
    classes: Sequence[str] = DIGITS,
) -> Figure:
    """Up to 25 misclassified images with true class, predicted class and confidence, surest mistake first.

    Without an error the figure says so.

    Args:
        images: Shape [n_images, height, width], ink bright, any scale from 0 up.
        true: Labels from 0, shape [n_images].
        predicted: Labels from 0, shape [n_images].
        confidence: Probability of the predicted class, 0 to 1, shape [n_images].
        title: Names variant, seed and split, as in `512-256, seed 0, test`.
        classes: The names of the labels.
    """
    true, predicted = np.asarray(true), np.asarray(predicted)
    sure = np.asarray(confidence, dtype=np.float64)
    wrong = np.flatnonzero(true != predicted)
    shown = wrong[np.argsort(-sure[wrong], kind="stable")][:SHOWN]
    rows = math.ceil(len(shown) / COLUMNS)

    figure = sheet(title, 8.0, 0.75 + 1.46 * max(rows, 1))
    ax = figure.add_subplot()
    ax.set_axis_off()
    ax.set_anchor("N")
    if not shown.size:
        remark(ax, f"no errors: all {len(true):,} images are classified correctly")
        return figure
    found = f"{len(shown)} shown of {len(wrong):,} wrong among {len(true):,} images, most confident first"
    ax.set_title(found, fontsize=TEXT, color=INK)
    digits = np.asarray(images)[shown]
    apart = ", " if max(map(len, classes)) < 3 else "\n"  # longer names take a line each
    captions = [f"true {classes[true[i]]}{apart}predicted {classes[predicted[i]]}\n{_percent(sure[i])}" for i in shown]
    _draw(ax, digits, captions)
    return figure


def _draw(ax: Axes, digits: NDArray[Any], captions: list[str]) -> None:
    # One axes for all digits: one each takes five times as long to lay out.
    black = float(digits.max())
    for place, (digit, caption) in enumerate(zip(digits, captions, strict=True)):
        row, column = divmod(place, COLUMNS)
        x, y = column * (SIDE + GAP), row * (SIDE + CAPTION)
        ax.imshow(digit, cmap="gray_r", vmin=-PAPER * black, vmax=black, extent=(x, x + SIDE, y + SIDE, y))
        text = ax.text(x + SIDE / 2, y - 1, caption, ha="center", va="bottom", fontsize=SMALL, color=INK)
        text.set_in_layout(False)
    ax.set_xlim(-GAP / 2, COLUMNS * (SIDE + GAP) - GAP / 2)
    ax.set_ylim(math.ceil(len(digits) / COLUMNS) * (SIDE + CAPTION) - CAPTION, -CAPTION)


def _percent(confidence: float) -> str:
    if not math.isfinite(confidence):
        return "confidence not finite"
    # float16 has no value between 0.9995 and 1: "100.0 %" would claim more than is known.
    return "above 99.9 %" if confidence >= 0.9995 else f"{100 * confidence:.1f} %"
