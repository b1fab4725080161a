"""Mean accuracies in a grid: how the effect of one setting looks at each value of another."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib import colormaps
from matplotlib.figure import Figure

from mnist_sweeps.figures.sheet import DARK, INK, MIDDLE, SMALL, WARM, frame, sheet

COLOURS = (DARK, WARM, MIDDLE, INK)
MARKS = "os^Dvp*X"
APART = 0.06  # of the distance between two values: what keeps the intervals of two lines from covering each other
LETTERS = 14  # of a label below an axis with many values


@dataclass(frozen=True)
class CellMeans:
    """Two settings: `means` [lines, values] of one along the axis and one line by line; `low`, `high`: 95 % interval.

    Accuracies are fractions.
    """

    along: str
    values: Sequence[str]
    by: str
    lines: Sequence[str]
    means: np.ndarray
    low: np.ndarray
    high: np.ndarray


def cell_means(panels: Sequence[CellMeans], title: str, note: str = "") -> Figure:
    """A panel for each two settings, with a mark and its 95 % interval for every two values.

    Lines are parallel where the settings do not depend on each other.

    Args:
        panels: At most three fit side by side.
        title: Names the sweep and the test images.
        note: Stands below.
    """
    figure = sheet(title, 1.2 + 4.0 * len(panels), 4.6, note)
    for ax, panel in zip(figure.subplots(1, len(panels), squeeze=False)[0], panels, strict=True):
        frame(ax, "", panel.along, "test accuracy (% of images)" if panel is panels[0] else "")
        colours = COLOURS
        if len(panel.lines) > len(COLOURS):
            colours = tuple(colormaps["viridis"](np.linspace(0, 0.85, len(panel.lines))))
        for line, (name, colour) in enumerate(zip(panel.lines, colours, strict=False)):
            means = 100 * panel.means[line]
            reach = [means - 100 * panel.low[line], 100 * panel.high[line] - means]
            shift = APART * (line - (len(panel.lines) - 1) / 2) * min(1.0, 8 / len(panel.lines))
            mark = MARKS[line % len(MARKS)]
            x = np.arange(len(means)) + shift
            ax.errorbar(x, means, reach, color=colour, marker=mark, linewidth=1.2, capsize=3, label=name)
        upright = max(map(len, panel.values)) * len(panel.values) < 40
        labels = [value if len(value) <= LETTERS else f"{value[: LETTERS - 1]}…" for value in panel.values]
        ax.set_xticks(range(len(labels)), labels, rotation=0 if upright else 60, parse_math=False)
        legend = ax.legend(title=panel.by, fontsize=SMALL, title_fontsize=SMALL, frameon=False)
        for text in (*legend.get_texts(), legend.get_title()):
            text.set_parse_math(False)
    return figure
