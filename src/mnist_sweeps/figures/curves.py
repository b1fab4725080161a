"""Loss and accuracy over the epochs."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullLocator, ScalarFormatter

from mnist_sweeps.figures.sheet import DARK, NOTE, SMALL, WARM, frame, remark, sheet

TRAIN: dict[str, Any] = {"color": WARM, "linestyle": "--", "markerfacecolor": "white"}
VALIDATION: dict[str, Any] = {"color": DARK, "linestyle": "-"}
END: dict[str, Any] = {"marker": "o", "markersize": 5, "linestyle": ""}
THIN, SINGLE, THICK = 0.8, 1.8, 2.6  # line widths: one run of several, the only run, the mean
LEAST_LOSS, LEAST_ACCURACY = 0.05, 2.0  # the least an axis spans: this share of the loss, so many % points


def curves(histories: Mapping[str, pd.DataFrame], title: str, validation: str) -> Figure:
    """Two panels, loss and accuracy: train dashed, validation solid, a thin line per run, a thick mean.

    The mean covers the epochs that all runs have; where runs stop at different epochs, a dot ends each.
    The loss axis is logarithmic where all losses are positive and span more than a factor of ten (else the
    last epochs of a good net lie flat on the axis), and linear otherwise (a net that learns nothing).

    Args:
        histories: history.csv by run (`seed 0`): `epoch` from 1, `loss`, `accuracy` as a fraction, and
            `val_loss`, `val_accuracy`, which are empty where there is no validation.
        title: Names variant and seeds, as in `512-256, seeds 0 to 4`.
        validation: What `val_*` was measured on, as in `validation, 400 held-out images` or `test`.
    """
    losses, val_losses = _by_run(histories, "loss"), _by_run(histories, "val_loss")
    figure = sheet(title, 11.0, 4.6)
    left, right = figure.subplots(1, 2)
    frame(left, f"Loss{_gaps(histories)}", "epoch", "cross-entropy (nats per image)")
    frame(right, "Accuracy", "epoch", "accuracy (% of images)")
    _draw(left, losses, val_losses)
    _draw(right, 100 * _by_run(histories, "accuracy"), 100 * _by_run(histories, "val_accuracy"))
    _widen(right, LEAST_ACCURACY)
    _scale_loss(left)
    handles = _handles(losses, (validation or "validation") if val_losses.size else "")
    columns = 2 if len(handles) == 4 else 3
    legend = figure.legend(handles=handles, loc="outside lower center", ncols=columns, frameon=False)
    for text in legend.get_texts():
        text.set(fontsize=SMALL, parse_math=False)
    return figure


def _by_run(histories: Mapping[str, pd.DataFrame], column: str) -> pd.DataFrame:
    """One column of every history, epochs down and runs across; NaN where a run has no finite value."""
    series = {run: history.set_index("epoch")[column].astype(float) for run, history in histories.items()}
    table = pd.concat(series, axis=1) if series else pd.DataFrame()
    return table.where(np.isfinite(table)).dropna(axis=1, how="all").dropna(how="all").sort_index()


def _gaps(histories: Mapping[str, pd.DataFrame]) -> str:
    broken = sum(not np.isfinite(history["loss"].astype(float)).all() for history in histories.values())
    return f" (not finite in {broken} of {len(histories)} runs)" if broken else ""


def _last_epochs(table: pd.DataFrame) -> dict[Any, Any]:
    """The last epoch of each run where a dot should mark it: runs of unequal length, or of one epoch."""
    ends = {run: table[run].last_valid_index() for run in table}
    return ends if len(table) == 1 or len(set(ends.values())) > 1 else {}


def _draw(ax: Axes, train: pd.DataFrame, validation: pd.DataFrame) -> None:
    for table, look in ((train, TRAIN), (validation, VALIDATION)):
        several = table.shape[1] > 1
        for run in table:
            ax.plot(table.index, table[run], label=str(run), linewidth=THIN if several else SINGLE, **look)
        if several:
            ax.plot(table.index, table.mean(axis=1, skipna=False), label="mean", linewidth=THICK, **look)
        for run, epoch in _last_epochs(table).items():
            ax.plot(epoch, table.loc[epoch, run], **look | END, label=f"end of {run}")
    ax.xaxis.set_major_locator(MaxNLocator(integer=True, steps=[1, 2, 5, 10]))
    if not ax.lines:
        ax.set(xticks=[], yticks=[])
        remark(ax, "no finite values")
    elif len(train) == 1:
        ax.set_xticks(train.index)


def _widen(ax: Axes, least: float) -> None:
    """Makes the vertical axis span at least `least`, so that a dead net's flicker looks like a flat line."""
    low, high = ax.get_ylim()
    if high - low < least:
        ax.set_ylim((low + high - least) / 2, (low + high + least) / 2)


def _scale_loss(ax: Axes) -> None:
    low, high = ax.dataLim.intervaly
    if 0 < 10 * low < high:
        decades = np.log10(high / low)
        ax.set_yscale("log")
        ax.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5) if decades < 4 else (1,)))
        ax.yaxis.set_major_formatter(FuncFormatter(lambda loss, _: f"{loss:g}"))
        ax.yaxis.set_minor_locator(NullLocator())
        ax.set_ylabel(f"{ax.get_ylabel()}, log scale")
    else:
        ax.yaxis.set_major_formatter(ScalarFormatter(useOffset=False))
        _widen(ax, LEAST_LOSS * sum(ax.get_ylim()) / 2)


def _handles(losses: pd.DataFrame, validation: str) -> list[Line2D]:
    handles = [Line2D([], [], linewidth=SINGLE, label="train, averaged during the epoch", **TRAIN)]
    if validation:
        handles += [Line2D([], [], linewidth=SINGLE, label=validation, **VALIDATION)]
    if losses.shape[1] > 1:
        handles += [
            Line2D([], [], color=NOTE, linewidth=THIN, label="one run"),
            Line2D([], [], color=NOTE, linewidth=THICK, label=f"mean of {losses.shape[1]} runs"),
        ]
        if _last_epochs(losses):
            handles += [Line2D([], [], color=NOTE, marker="o", linestyle="", label="end of a run")]
    if len(losses) == 1:  # only dots are drawn
        for handle in handles:
            handle.set(marker="o", linestyle="")
    return handles
