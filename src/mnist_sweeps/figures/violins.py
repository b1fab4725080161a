"""Violins of one variable in every layer that has it, initial next to trained."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from mnist_sweeps.figures.sheet import INK, MAX_WIDTH, MIDDLE, PALE, frame, margins, remark, sheet
from mnist_sweeps.stats.density import density

COLUMNS = 4
STAGES = {"initial": PALE, "trained": MIDDLE}
OUTLINE: dict[str, Any] = {"edgecolor": INK, "linewidth": 0.9}
HALF_WIDTH = 0.4  # of a violin, where its neighbour is 1 away
QUARTILES = {0.25: (0, (1.5, 2)), 0.5: (0, (5, 2)), 0.75: (0, (1.5, 2))}  # and the dashes of their lines


def layers_with(summary: Mapping[str, NDArray[Any]], variable: str) -> dict[str, str]:
    """The `variable` of each layer that the summary holds, in layer order, and its key in the summary.

    A separable convolution has two kernels: `conv_1, depthwise` and `conv_1, pointwise`.
    """
    found = {}
    for layer, name in dict.fromkeys(tuple(key.split("/")[:2]) for key in summary):
        kind = name.removesuffix(variable)
        if name == f"{kind}{variable}" and (kind == "" or kind.endswith("_")):
            found[f"{layer}, {kind[:-1]}" if kind else layer] = f"{layer}/{name}"
    return found


def violins(summary: Mapping[str, NDArray[Any]], variable: str, label: str, title: str) -> Figure:
    """One panel per layer that has `variable`: its initial values next to its trained ones, with their sd.

    Args:
        summary: The content of weights.npz: quantiles and moments (mean, sd, ...), initial and trained.
        variable: `kernel` or `gamma`.
        label: What the vertical axes show.
        title: Names variant and seed.

    The quantiles stand for the values themselves (see `density`). Every violin ends at its smallest and largest value
    and has the same width, since a narrow distribution would otherwise hide a wide one. Values that are all equal are a
    flat mark.
    """
    layers = layers_with(summary, variable)
    columns = max(1, min(COLUMNS, len(layers)))
    rows = max(1, math.ceil(len(layers) / columns))
    note = "lines: quartiles · ends: extremes · equal widths · each panel has its own scale"
    figure = sheet(title, min(MAX_WIDTH, max(6.0, 3.3 * columns)), 0.8 + 3.0 * rows, note)
    for number, (layer, key) in enumerate(layers.items(), start=1):
        ax = figure.add_subplot(rows, columns, number)
        frame(ax, layer, "", label)
        ax.grid(visible=False, axis="x")
        _draw_layer(ax, summary, key)
    if layers:
        margins(figure, left=0.85, bottom=0.85, across=0.85, down=0.95)
    return figure


def _draw_layer(ax: Axes, summary: Mapping[str, NDArray[Any]], variable: str) -> None:
    deviations = [float(summary[f"{variable}/{stage}/moments"][1]) for stage in STAGES]
    ax.set_xticks(range(len(STAGES)), list(map(_caption, STAGES, deviations)))
    ax.set_xlim(-0.6, 1.6)
    ax.yaxis.set_major_locator(MaxNLocator(5))
    for place, (stage, colour) in enumerate(STAGES.items()):
        values = np.asarray(summary[f"{variable}/{stage}/quantiles"], dtype=np.float64)
        if np.isfinite(values).all():
            _draw_values(ax, place, values, colour)
        else:
            remark(ax, "not finite", x=(place + 0.6) / 2.2)
    if not ax.has_data():
        ax.set_yticks([])


def _caption(stage: str, deviation: float) -> str:
    return f"{stage}\nsd {deviation:.3g}" if math.isfinite(deviation) else f"{stage}\nsd not finite"


def _draw_values(ax: Axes, place: int, values: NDArray[np.float64], colour: str) -> None:
    curve = density(values)
    if curve is None:
        ax.plot([place - HALF_WIDTH, place + HALF_WIDTH], [values.mean()] * 2, color=INK, linewidth=2)
        return
    heights, widths = curve[0], HALF_WIDTH * curve[1]
    ax.fill_betweenx(heights, place - widths, place + widths, facecolor=colour, **OUTLINE)
    for share, dashes in QUARTILES.items():
        quartile = float(np.quantile(values, share))
        width = np.interp(quartile, heights, widths)
        ax.plot([place - width, place + width], [quartile] * 2, color=INK, linewidth=0.9, linestyle=dashes)
