"""The sheet that every picture is drawn on: its size, title and palette."""

import textwrap
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine

DPI = 120  # pixels per inch
MAX_WIDTH = 13.3  # inches: 1,596 pixels, what a README shows without scaling

# Pairs differ in lightness (CIE L*) as well as hue: they survive a grey printer and colour blindness.
INK = "#222222"  # text, outlines, marks
NOTE = "#595959"  # footnotes, L* 38
GRID = "#e2e2e2"
DARK = "#1f4e79"  # validation; L* 32
WARM = "#d98f2b"  # training; L* 65
PALE = "#d3dbe3"  # initial; L* 87
MIDDLE = "#5f93bd"  # trained; L* 59

TITLE, TEXT, SMALL = 12.0, 10.0, 8.5  # font sizes in points


def sheet(title: str, width: float, height: float, note: str = "") -> Figure:
    """An empty white figure of `width` x `height` inches with its title above and its footnote below.

    Long titles are wrapped to the figure's width; `$` and `_` in them are shown as they are.
    """
    layout = ConstrainedLayoutEngine(w_pad=0.08, h_pad=0.08, wspace=0.04, hspace=0.03)
    figure = Figure(figsize=(width, height), dpi=DPI, layout=layout, facecolor="white")
    figure.suptitle(_wrap(title, width, TITLE), fontsize=TITLE, color=INK, parse_math=False)
    if note:
        figure.supxlabel(_wrap(note, width, SMALL), fontsize=SMALL, color=NOTE, parse_math=False)
    return figure


def margins(figure: Figure, left: float, bottom: float, across: float, down: float = 0.0) -> None:
    """Places the panels of a figure by inches instead of by their contents, which takes half of the time.

    Args:
        figure: The figure, after its panels and its title are made.
        left: Space to the left of the first panel.
        bottom: Space below the last panel, with its labels and the legend or footnote.
        across: Space between two panels side by side.
        down: Space between two panels one above the other.
    """
    figure.set_layout_engine(None)
    width, height = figure.get_size_inches()
    lines = figure.get_suptitle().count("\n") + 1
    grid = figure.axes[0].get_subplotspec()
    assert grid is not None
    rows, columns = grid.get_gridspec().get_geometry()
    top = 0.45 + 0.2 * lines
    panel = (
        (width - left - 0.15 - across * (columns - 1)) / columns,
        (height - top - bottom - down * (rows - 1)) / rows,
    )
    figure.subplots_adjust(
        left / width, bottom / height, 1 - 0.15 / width, 1 - top / height, across / panel[0], down / panel[1]
    )


def frame(ax: Axes, title: str, x: str, y: str) -> None:
    """Gives one panel its title, axis labels, a quiet grid behind the data and two spines."""
    ax.set_title(title, fontsize=TEXT, color=INK)
    ax.set_xlabel(x, fontsize=TEXT, color=INK)
    ax.set_ylabel(y, fontsize=TEXT, color=INK)
    ax.tick_params(labelsize=SMALL, labelcolor=INK, color=NOTE)
    ax.grid(visible=True, color=GRID, linewidth=0.8)
    ax.set_axisbelow(True)
    ax.spines[["top", "right"]].set_visible(False)
    ax.spines[["bottom", "left"]].set_color(NOTE)


def remark(ax: Axes, text: str, **placing: Any) -> None:
    """Writes `text` in the middle of a panel, or at `x` and `y` in the panel's own fractions."""
    place: dict[str, Any] = {
        "x": 0.5,
        "y": 0.5,
        "ha": "center",
        "va": "center",
        "backgroundcolor": "white",
        **placing,
    }
    ax.text(s=text, transform=ax.transAxes, fontsize=SMALL, color=NOTE, style="italic", **place)


def _wrap(text: str, width: float, size: float) -> str:
    # A DejaVu Sans letter is about 0.6 of its size wide.
    return textwrap.fill(text, int(width * 72 / (0.6 * size)))
