"""Words and numbers inside sentences and cells."""

from collections.abc import Sequence

from mnist_sweeps.stats import Summary

LIMIT = 12  # names in a note: a grid of 300 rows would make it longer than the table
UNATTRIBUTABLE = "not attributable to one"


def listed(items: Sequence[str]) -> str:
    """`a; b; c`, and `and 9 more` after a dozen. Names of rows have commas of their own."""
    left = len(items) - LIMIT
    return "; ".join(items[:LIMIT]) + (f" and {left} more" if left > 0 else "")


def counted(n: int, noun: str) -> str:
    """`1 run`, `5 runs`."""
    return f"{n:,} {noun}" if n == 1 else f"{n:,} {noun}s"


def percent(fraction: float) -> str:
    """`98.44` for 0.9844."""
    return f"{100 * fraction:.2f}"


def percents(low: float | None, high: float | None) -> str:
    """`98.33 to 98.55` for two fractions, empty where one is unknown."""
    return "" if low is None or high is None else f"{percent(low)} to {percent(high)}"


def points(fraction: float) -> str:
    """`+0.12`: a difference of fractions in percentage points, never `-0.00`."""
    return f"{round(100 * fraction, 2) + 0.0:+.2f}"


def spread(found: Summary | None, form: str, unit: float = 1) -> str:
    """`98.44 ± 0.09` in `unit`s a whole, without sd for a single value, empty for none."""
    if found is None:
        return ""
    mean = format(unit * found.mean, form)
    return mean if found.sd is None else f"{mean} ± {unit * found.sd:{form}}"
