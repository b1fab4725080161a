"""Where the digits lie in the plane of two hidden units."""

from collections.abc import Sequence

import numpy as np
from matplotlib import colormaps
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from numpy.typing import ArrayLike, NDArray

from mnist_sweeps.figures.class_names import DIGITS, word
from mnist_sweeps.figures.sheet import INK, SMALL, frame, remark, sheet

COLOURS = colormaps["tab10"].colors  # type: ignore[attr-defined]
MANY = colormaps["turbo"]  # more than ten classes

NEAR = 0.04  # of the axes' extents: nearer labels would cover each other


def activation_scatter(
    activations: ArrayLike, digits: ArrayLike, title: str, by: str = "true", classes: Sequence[str] = DIGITS
) -> Figure | None:
    """A point for every image, coloured by its class, with its name at the median of its points.

    Classes whose medians all but coincide share a label.

    None where the layer does not have exactly two units. Points are drawn in the order of the images, so that
    no class covers the others.

    Args:
        activations: Of the last hidden layer, shape [n_images, units].
        digits: Labels from 0 to colour by, shape [n_images].
        title: Names variant, seed and split, as in `2 units, seed 0, 1,000 test images`.
        by: What `digits` are, `true` or `predicted`.
        classes: The names of the labels.
    """
    values, digits = np.asarray(activations, dtype=np.float64), np.asarray(digits, dtype=np.int64)
    if values.shape[1] != 2:
        return None
    few = len(classes) <= len(COLOURS)
    colours = np.asarray(COLOURS) if few else MANY(np.linspace(0, 1, len(classes)))
    finite = np.isfinite(values).all(axis=1)
    values, digits = values[finite], digits[finite]
    silent = int((values == 0).all(axis=1).sum())
    note = f"{silent:,} of {len(values):,} images lie at 0, 0: both units are silent" if silent else ""
    figure = sheet(title, 8.0, 6.6, note)
    ax = figure.add_subplot()
    frame(ax, "", "activation of hidden unit 1", "activation of hidden unit 2")
    ax.scatter(values[:, 0], values[:, 1], c=colours[digits], s=7, linewidths=0, alpha=0.7)
    for together in _clusters(values, digits):
        x, y = np.mean(list(together.values()), axis=0)
        colour = colours[next(iter(together))] if len(together) == 1 else INK
        box = {"boxstyle": "round,pad=0.25", "facecolor": "white", "edgecolor": colour, "linewidth": 2}
        ax.text(
            x,
            y,
            " ".join(classes[label] for label in together),
            ha="center",
            va="center",
            fontsize=SMALL,
            color=INK,
            bbox=box,
        )
    handles = [
        Line2D([], [], marker="o", linestyle="", color=colours[label], label=name) for label, name in enumerate(classes)
    ]
    ax.legend(
        handles=handles,
        title=f"{by} {word(classes)}",
        fontsize=SMALL,
        loc="center left",
        bbox_to_anchor=(1, 0.5),
        frameon=False,
    )
    if not len(values):
        remark(ax, "not finite")
    return figure


def _clusters(values: NDArray[np.float64], digits: NDArray[np.int64]) -> list[dict[int, NDArray[np.float64]]]:
    """The medians [2] by digit, those together that lie near the first of them."""
    extent = np.ptp(values, axis=0) + 1e-12 if len(values) else np.ones(2)
    clusters: list[dict[int, NDArray[np.float64]]] = []
    for digit in np.unique(digits):
        middle = np.median(values[digits == digit], axis=0)
        near = (c for c in clusters if (abs(next(iter(c.values())) - middle) < NEAR * extent).all())
        cluster = next(near, None)
        if cluster is None:
            clusters.append(cluster := {})
        cluster[int(digit)] = middle
    return clusters
