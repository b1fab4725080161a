"""How far a unit of a narrow hidden layer tells the digits apart by itself."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray

from mnist_sweeps.figures.class_names import DIGITS, word
from mnist_sweeps.figures.sheet import DARK, INK, PALE, frame, remark, sheet

WHISKERS = (5, 95)  # per cent: beyond, a thousand outliers would be drawn one by one


def activation_boxes(
    activations: ArrayLike, digits: ArrayLike, title: str, by: str = "true", classes: Sequence[str] = DIGITS
) -> Figure:
    """A panel for each unit: a box of its activation for every class.

    Grouped by the true class they say what the unit knows; the notebook (004:541) groups by the predicted one,
    which says what the layer above makes of it.

    Args:
        activations: Of the last hidden layer, shape [n_images, units].
        digits: Labels from 0 to group by, shape [n_images].
        title: Names variant, seed and split, as in `2 units, seed 0, 1,000 test images`.
        by: What `digits` are, `true` or `predicted`.
        classes: The names of the labels.
    """
    values, digits = np.asarray(activations, dtype=np.float64), np.asarray(digits)
    units = values.shape[1]
    note = f"boxes: quartiles · lines: medians · whiskers: {WHISKERS[0]} % to {WHISKERS[1]} % of the images"
    figure = sheet(title, 6.0 * units + 0.5, 4.4, note)
    for unit, ax in enumerate(figure.subplots(1, units, squeeze=False)[0]):
        frame(ax, f"hidden unit {unit + 1}", f"{by} {word(classes)}", "activation (no unit)")
        ax.grid(visible=False, axis="x")
        finite = np.isfinite(values[:, unit])
        shown = [digit for digit in range(len(classes)) if (finite & (digits == digit)).any()]
        if shown:
            _draw(ax, {digit: values[finite & (digits == digit), unit] for digit in shown})
        else:
            remark(ax, "not finite")
        ax.set_xticks(range(len(classes)), classes, rotation=90 if max(map(len, classes)) > 2 else 0)
        ax.set_xlim(-0.6, len(classes) - 0.4)
    return figure


def _draw(ax: Axes, groups: dict[int, NDArray[np.float64]]) -> None:
    ax.boxplot(
        list(groups.values()),
        positions=list(groups),
        manage_ticks=False,
        whis=WHISKERS,
        showfliers=False,
        patch_artist=True,
        widths=0.6,
        boxprops={"facecolor": PALE, "edgecolor": INK},
        medianprops={"color": DARK, "linewidth": 2.2},
    )
