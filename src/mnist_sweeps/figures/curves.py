"""Loss and accuracy over the epochs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullLocator, ScalarFormatter
from numpy.typing import ArrayLike, NDArray

from mnist_sweeps.figures.sheet import DARK, NOTE, SMALL, WARM, frame, margins, remark, sheet

TRAIN: dict[str, Any] = {"color": WARM, "linestyle": "--", "markerfacecolor": "white"}
VALIDATION: dict[str, Any] = {"color": DARK, "linestyle": "-"}
END: dict[str, Any] = {"marker": "o", "markersize": 5, "linestyle": ""}
THIN, SINGLE, THICK = 0.8, 1.8, 2.6  # line widths: one run of several, the only run, the mean
LEAST_LOSS, LEAST_ACCURACY = 0.05, 2.0  # the least an axis spans: this share of the loss, so many % points


@dataclass(frozen=True)
class Table:
    """One column of every history: `values` [epochs, runs], NaN where a run has no finite value."""

    epochs: NDArray[np.int64]
    runs: tuple[str, ...]
    values: NDArray[np.float64]


def curves(histories: Mapping[str, Mapping[str, ArrayLike]], title: str, validation: str) -> Figure:
    """Two panels, loss and accuracy: train dashed, validation solid, a thin line per run, a thick mean.

    The mean covers the epochs that all runs have; where runs stop at different epochs, a dot ends each.
    The loss axis is logarithmic where all losses are positive and span more than a factor of ten (else the
    last epochs of a good net lie flat on the axis), and linear otherwise (a net that learns nothing).

    Args:
        histories: The columns of history.csv by run (`seed 0`): `epoch` from 1, `loss`, `accuracy` as a fraction, and
            `val_loss`, `val_accuracy`, which are NaN where there is no validation.
        title: Names variant and seeds, as in `512-256, seeds 0 to 4`.
        validation: What `val_*` was measured on, as in `validation, 400 held-out images` or `test`.
    """
    losses, val_losses = _by_run(histories, "loss"), _by_run(histories, "val_loss")
    figure = sheet(title, 11.0, 4.6)
    left, right = figure.subplots(1, 2)
    frame(left, f"Loss{_gaps(histories)}", "epoch", "cross-entropy (nats per image)")
    frame(right, "Accuracy", "epoch", "accuracy (% of images)")
    _draw(left, losses, val_losses)
    _draw(right, _by_run(histories, "accuracy", 100), _by_run(histories, "val_accuracy", 100))
    _widen(right, LEAST_ACCURACY)
    _scale_loss(left)
    handles = _handles(losses, (validation or "validation") if val_losses.runs else "")
    columns = 2 if len(handles) == 4 else 3
    legend = figure.legend(handles=handles, loc="lower center", ncols=columns, frameon=False)
    for text in legend.get_texts():
        text.set(fontsize=SMALL, parse_math=False)
    margins(figure, left=0.8, bottom=1.15 if len(handles) > columns else 0.95, across=0.85)
    return figure


def _by_run(histories: Mapping[str, Mapping[str, ArrayLike]], column: str, factor: float = 1.0) -> Table:
    """One column of all histories, without runs and epochs that have no finite value."""
    series = {
        run: dict(zip(np.asarray(history["epoch"], dtype=int).tolist(), _floats(history[column]) * factor, strict=True))
        for run, history in histories.items()
    }
    finite = {run: {e: v for e, v in of.items() if np.isfinite(v)} for run, of in series.items()}
    runs = tuple(run for run, of in finite.items() if of)
    epochs = sorted({epoch for of in finite.values() for epoch in of})
    values = [[finite[run].get(epoch, np.nan) for run in runs] for epoch in epochs]
    return Table(np.array(epochs, dtype=int), runs, np.array(values, dtype=float).reshape(len(epochs), len(runs)))


def _floats(values: ArrayLike) -> NDArray[np.float64]:
    return np.asarray(values, dtype=np.float64)


def _gaps(histories: Mapping[str, Mapping[str, ArrayLike]]) -> str:
    broken = sum(not np.isfinite(_floats(history["loss"])).all() for history in histories.values())
    return f" (not finite in {broken} of {len(histories)} runs)" if broken else ""


def _last_epochs(table: Table) -> dict[int, int]:
    """The place of the last epoch of each run where a dot should mark it: runs of unequal length, or of one epoch."""
    ends = {run: int(np.flatnonzero(np.isfinite(table.values[:, run]))[-1]) for run in range(len(table.runs))}
    return ends if len(table.epochs) == 1 or len(set(ends.values())) > 1 else {}


def _draw(ax: Axes, train: Table, validation: Table) -> None:
    for table, look in ((train, TRAIN), (validation, VALIDATION)):
        several = len(table.runs) > 1
        for name, line in zip(table.runs, table.values.T, strict=True):
            ax.plot(table.epochs, line, label=name, linewidth=THIN if several else SINGLE, **look)
        if several:
            ax.plot(table.epochs, table.values.mean(axis=1), label="mean", linewidth=THICK, **look)
        for run, end in _last_epochs(table).items():
            mark = look | END
            ax.plot(table.epochs[end], table.values[end, run], **mark, label=f"end of {table.runs[run]}")
    ax.xaxis.set_major_locator(MaxNLocator(integer=True, steps=[1, 2, 5, 10]))
    if not ax.lines:
        ax.set(xticks=[], yticks=[])
        remark(ax, "no finite values")
    elif len(train.epochs) == 1:
        ax.set_xticks(train.epochs)


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


def _handles(losses: Table, validation: str) -> list[Line2D]:
    handles = [Line2D([], [], linewidth=SINGLE, label="train, averaged during the epoch", **TRAIN)]
    if validation:
        handles += [Line2D([], [], linewidth=SINGLE, label=validation, **VALIDATION)]
    if len(losses.runs) > 1:
        handles += [
            Line2D([], [], color=NOTE, linewidth=THIN, label="one run"),
            Line2D([], [], color=NOTE, linewidth=THICK, label=f"mean of {len(losses.runs)} runs"),
        ]
        if _last_epochs(losses):
            handles += [Line2D([], [], color=NOTE, marker="o", linestyle="", label="end of a run")]
    if len(losses.epochs) == 1:  # only dots are drawn
        for handle in handles:
            handle.set(marker="o", linestyle="")
    return handles
