"""The layers of a network, one below the other, with their shapes."""

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch

from mnist_sweeps.figures.sheet import DARK, INK, MIDDLE, NOTE, PALE, SMALL, TEXT, sheet

STEP, HEIGHT = 0.38, 0.26  # inches from layer to layer, and of a box
COLUMNS = (0.02, 0.34, 0.66, 0.98)  # name, kind, output shape, parameters


def network(lines: Sequence[tuple[str, str, str, str]], title: str) -> Figure:
    """A box for every layer: its name, its kind, the shape it gives, its parameters.

    Layers with parameters are filled. (`keras.utils.plot_model` draws the same from a living model, with graphviz.)

    Args:
        lines: `("hidden_1", "Dense, relu", "512", "401,920")` for each layer, the input first.
        title: Names the variant and its number of parameters.
    """
    figure = sheet(title, 7.5, 1.1 + STEP * (len(lines) + 1))
    ax = figure.add_subplot()
    ax.set_axis_off()
    ax.set_xlim(-0.01, 1.01)
    ax.set_ylim(len(lines) - 0.4, -1.4)
    _write(ax, -1, ("layer", "", "output shape", "parameters"), NOTE, SMALL)
    for place, line in enumerate(lines):
        learns = line[3] not in ("", "0")
        box = FancyBboxPatch(
            (0, place - HEIGHT / STEP / 2), 1, HEIGHT / STEP, boxstyle="round,pad=0,rounding_size=0.01",
            facecolor=PALE if learns else "white", edgecolor=DARK if learns else NOTE, linewidth=1.0,
        )  # fmt: skip
        ax.add_patch(box)
        _write(ax, place, line, INK, TEXT)
        if place:
            gap = (1 - HEIGHT / STEP) / 2
            ax.plot([0.5, 0.5], [place - 0.5 - gap, place - 0.5 + gap], color=MIDDLE, linewidth=1.5)
    return figure


def _write(ax: Axes, place: int, line: tuple[str, str, str, str], colour: str, size: float) -> None:
    for x, words, side in zip(COLUMNS, line, ("left", "left", "right", "right"), strict=True):
        ax.text(x, place, words, ha=side, va="center", fontsize=size, color=colour, parse_math=False)
