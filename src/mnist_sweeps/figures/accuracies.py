"""Every run of every row, with the rows' means and intervals."""

import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator
from numpy.typing import NDArray

from mnist_sweeps.figures.sheet import DARK, NOTE, SMALL, WARM, frame, sheet

ROW = 0.34  # inches
NAME, LINES = 44, 2  # letters of a line of a row's name, lines
FACTOR = 5.0  # of the largest error over the smallest, beyond which the scale is logarithmic
LEAST = 0.2  # percentage points around the runs
TICKS = (0, 20, 40, 60, 70, 80, 85, 90, 93, 95, 97, 98, 99, 99.3, 99.5, 99.7, 99.8, 99.9)

RUN: dict[str, Any] = {"marker": "o", "linestyle": "", "markersize": 5.5, "color": NOTE, "markerfacecolor": "none"}
MEAN: dict[str, Any] = {"marker": "|", "linestyle": "", "markersize": 14, "color": DARK, "markeredgewidth": 2.4}
INTERVAL: dict[str, Any] = {"color": DARK, "linewidth": 1.4}
CUT: dict[str, Any] = {"linestyle": "", "markersize": 6.5, "color": DARK, "clip_on": False}
PRINTED: dict[str, Any] = {"marker": "D", "linestyle": "", "markersize": 5.5, "color": WARM}


def accuracies(
    runs: Mapping[str, Sequence[float]],
    intervals: Mapping[str, tuple[float, float]],
    printed: Mapping[str, float],
    title: str,
    note: str = "",
) -> Figure:
    """A line for every row, in the order given: a dot for each run, the mean, the 95 % interval.

    The scale is that of the runs: an arrow at the edge marks an interval that is longer. Where the largest error is
    more than five times the smallest, it is logarithmic in the error: a dead net would otherwise press all others into
    one spot.

    Args:
        runs: Test accuracies, fractions, by the row's name; none for a row without a completed run.
        intervals: Of the mean, fractions, for the rows that have one.
        printed: What a notebook printed, a fraction, for the rows that have it.
        title: Names the sweep and the test images.
        note: Stands below.
    """
    figure = sheet(title, 11.0, 1.6 + ROW * len(runs), note)
    ax = figure.add_subplot()
    frame(ax, "", "test accuracy (% of images)", "")
    place = {name: row for row, name in enumerate(runs)}
    done = {name: 100 * np.asarray(fractions) for name, fractions in runs.items() if fractions}
    # One artist of a kind for all rows: one for each row would take three times as long.
    bands = [100 * np.asarray(interval) for interval in intervals.values()]
    ax.hlines([place[name] for name in intervals], *np.reshape(bands, (-1, 2)).T, label="interval", **INTERVAL)
    ax.plot([100 * value for value in printed.values()], [place[name] for name in printed], label="printed", **PRINTED)
    ax.plot(
        [accuracy for each in done.values() for accuracy in each],
        [place[name] for name, each in done.items() for _ in each],
        label="runs",
        **RUN,
    )
    ax.plot([each.mean() for each in done.values()], [place[name] for name in done], label="mean", **MEAN)
    names = [textwrap.fill(name, NAME, max_lines=LINES, placeholder=" …") for name in runs]
    ax.set_yticks(range(len(runs)), names, parse_math=False)
    ax.set_ylim(len(runs) - 0.4, -0.6)
    _scale(ax, np.array([accuracy for each in done.values() for accuracy in each]))
    cut = _mark_cut(ax, {place[name]: (100 * low, 100 * high) for name, (low, high) in intervals.items()})
    handles = [Line2D([], [], label="one run", **RUN), Line2D([], [], label="mean", **MEAN)]
    handles += [Line2D([], [], label="95 % interval of the mean", **INTERVAL)] if intervals else []
    handles += [Line2D([], [], label="it continues", **CUT, marker=">")] if cut else []
    handles += [Line2D([], [], label="printed by the notebook", **PRINTED)] if printed else []
    figure.legend(handles=handles, loc="outside lower center", ncols=5, frameon=False, fontsize=SMALL)
    return figure


def _mark_cut(ax: Axes, intervals: Mapping[int, tuple[float, float]]) -> bool:
    """Draws an arrow at the edge where an interval, in per cent by line, leaves the axis; whether there is any."""
    low, high = ax.get_xlim()
    left = [line for line, (end, _) in intervals.items() if end < low]
    right = [line for line, (_, end) in intervals.items() if end > high]
    for edge, lines, marker in ((low, left, "<"), (high, right, ">")):
        if lines:
            ax.plot([edge] * len(lines), lines, label="cut", marker=marker, **CUT)
            ax.set_xlim(low, high)
    return bool(left or right)


def _scale(ax: Axes, shown: NDArray[np.float64]) -> None:
    """Fits the scale to the runs; logarithmic in the error where the errors span more than `FACTOR`."""
    if not shown.size:
        return
    errors, low, high = 100 - shown, shown.min(), shown.max()
    if not 0 < FACTOR * errors.min() < errors.max():
        pad = max(0.15 * (high - low), LEAST)
        ax.set_xlim(low - pad, min(high + pad, 100 + 0.2 * pad))
        return
    low, least = max(100 - 1.15 * errors.max(), 0), errors.min() / 1.5

    def forward(accuracy: NDArray[np.float64]) -> Any:
        # An interval may end at 100 %, which has no logarithm.
        return -np.log10(np.maximum(100 - np.asarray(accuracy), least / 2))

    def back(place: NDArray[np.float64]) -> Any:
        return 100 - np.power(10.0, -np.asarray(place))

    ax.set_xscale("function", functions=(forward, back))
    ax.set_xlim(low, 100 - least)
    ax.xaxis.set_major_locator(FixedLocator([tick for tick in TICKS if low <= tick <= 100 - least]))
    ax.xaxis.set_minor_locator(NullLocator())
    ax.xaxis.set_major_formatter(FuncFormatter(lambda accuracy, _: f"{accuracy:g}"))
    ax.set_xlabel("test accuracy (% of images), on the log scale of the error")
