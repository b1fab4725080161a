"""Metrics of a claim that are taken from the epochs of a run: `val_accuracy[16:20]`."""

from __future__ import annotations

import re
from dataclasses import dataclass

EPOCHS = r"\[(\d+):(\d+)\]"
HISTORY_METRIC = re.compile(rf"(train|val)_(loss|accuracy){EPOCHS}(?:-{EPOCHS}|/(fluctuation))?")
Window = tuple[int, int]


@dataclass(frozen=True)
class HistoryMetric:
    """A number of a run's history.

    The mean of `column` (of history.csv) over the epochs of `window`, first and last, from 1. With `earlier` that mean
    minus the mean over those epochs. With `fluctuation` the standard deviation of the changes from one epoch to the
    next instead, so that a steady rise or fall is none.
    """

    column: str
    window: Window
    earlier: Window | None = None
    fluctuation: bool = False

    @property
    def last(self) -> int:
        """The last epoch that it needs."""
        return max(self.window[1], self.earlier[1] if self.earlier else 0)

    @property
    def in_words(self) -> str:
        """`val accuracy, mean of epochs 46 to 50 minus that of 26 to 30`."""
        name = self.column if self.column.startswith("val_") else f"train_{self.column}"
        what = "fluctuation over" if self.fluctuation else "mean of"
        minus = f" minus that of {self.earlier[0]} to {self.earlier[1]}" if self.earlier else ""
        return f"{name.replace('_', ' ')}, {what} epochs {self.window[0]} to {self.window[1]}{minus}"


def history_metric(name: object) -> HistoryMetric | None:
    """What a claim's metric takes from the history; None if it is of another kind, or a window has no epochs.

    Args:
        name: `val_loss[16:20]`, `val_loss[16:20]-[6:10]` or `val_loss[11:20]/fluctuation`.
    """
    match = HISTORY_METRIC.fullmatch(str(name))
    if not match:
        return None
    part, value, first, last, earlier_first, earlier_last, fluctuation = match.groups()
    window = int(first), int(last)
    earlier = (int(earlier_first), int(earlier_last)) if earlier_first else None
    least = 3 if fluctuation else 1  # epochs; two changes have a standard deviation
    if any(start < 1 or end < start for start, end in filter(None, (window, earlier))) or _epochs(window) < least:
        return None
    return HistoryMetric(value if part == "train" else f"val_{value}", window, earlier, fluctuation is not None)


def _epochs(window: Window) -> int:
    return window[1] - window[0] + 1
