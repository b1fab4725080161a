"""Accuracy against the number of layers."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure

from mnist_sweeps.figures.sheet import DARK, INK, MIDDLE, SMALL, WARM, frame, sheet

Point = tuple[int, float, float, float]  # layers; mean accuracy and its interval, fractions
LOOKS = ((DARK, "o", "-"), (WARM, "s", "--"), (MIDDLE, "^", "-."), (INK, "D", ":"))
LEAST = 0.2  # percentage points around the means
APART = 0.06  # layers: what keeps the intervals of two lines from covering each other


def depth(lines: Mapping[str, Sequence[Point]], title: str, note: str = "") -> Figure:
    """A line for each kind of network over its number of layers, a mark with its 95 % interval for every row.

    Where rows have equally many layers, the line goes through the first of them. The scale is that of the means: a
    longer interval is cut at the edge.

    Args:
        lines: The rows of each kind, as in `{"with dropout": [(3, 0.99, 0.988, 0.992), (5, ...)]}`; up to four kinds.
        title: Names the sweep and the test images.
        note: Stands below.
    """
    figure = sheet(title, 8.0, 4.9, note)
    ax = figure.add_subplot()
    frame(ax, "", "layers before the output (dense and convolutional)", "test accuracy (% of images)")
    for place, ((name, points), (colour, mark, style)) in enumerate(zip(lines.items(), LOOKS, strict=False)):
        layers, means, lows, highs = np.array(points, dtype=np.float64).T
        x = layers + APART * (place - (len(lines) - 1) / 2)
        reach = 100 * np.array([means - lows, highs - means])
        ax.errorbar(x, 100 * means, reach, color=colour, marker=mark, linestyle="", elinewidth=1.2, capsize=3)
        _, first = np.unique(layers, return_index=True)
        ax.plot(
            x[first],
            100 * means[first],
            color=colour,
            marker=mark,
            markersize=0,
            linestyle=style,
            linewidth=1.8,
            label=name,
        )
    means = 100 * np.array([mean for points in lines.values() for _, mean, *_ in points])
    pad = max(0.35 * np.ptp(means), LEAST)
    ax.set_ylim(means.min() - pad, min(means.max() + pad, 100 + 0.2 * pad))
    ax.set_xticks(sorted({layers for points in lines.values() for layers, *_ in points}))
    ax.legend(fontsize=SMALL, frameon=False)
    return figure
