"""Formatting of names and numbers in sentences and cells."""

from collections import Counter
from collections.abc import Sequence
from os.path import commonprefix

from mnist_sweeps.stats import Summary

LIMIT = 12  # names in a note; a grid of 300 rows would make the note longer than the table
UNATTRIBUTABLE = "not attributable to one"


def listed(items: Sequence[str]) -> str:
    """`a; b; c`, with `and 9 more` after 12 items. The separator is no comma, because names of rows contain commas."""
    n_omitted = len(items) - LIMIT
    return "; ".join(items[:LIMIT]) + (f" and {n_omitted} more" if n_omitted > 0 else "")


def shortened(names: Sequence[str], width: int) -> list[str]:
    """The names with at most `width` characters where they stay different; of long ones the part that differs is kept.

    `optimizer={na…learning_rate: 0.1}` and `optimizer={na…learning_rate: 0.01}`.

    Args:
        names: One line each.
        width: Number of characters.
    """
    short = [name if len(name) <= width else f"{name[: width - 1]}…" for name in names]
    for text in _repeated(short, names):
        alike = [place for place, other in enumerate(short) if other == text]
        same = commonprefix([names[place] for place in alike])  # noqa: RUF071  # of characters, not of paths
        setting, word = (max(same.rfind(mark) + 1 for mark in marks) for marks in (",{", " =:["))
        start = next((place for place in (setting, word) if len(same) - place <= width // 2), len(same))
        head = f"{text[: width // 3]}…"
        tails = shortened([names[place][start:].lstrip() for place in alike], width - len(head))
        for place, tail in zip(alike, tails, strict=True):
            short[place] = head + tail
    still = _repeated(short, names)
    return [name if text in still else text for text, name in zip(short, names, strict=True)]


def _repeated(short: Sequence[str], names: Sequence[str]) -> set[str]:
    """The texts that stand for several different names."""
    count = Counter(text for text, _ in set(zip(short, names, strict=True)))
    return {text for text, times in count.items() if times > 1}


def counted(n: int, noun: str) -> str:
    """`1 run`, `5 runs`."""
    return f"{n:,} {noun}" if n == 1 else f"{n:,} {noun}s"


def adjustment(n_tests: int, noun: str) -> str:
    """How the p values of verdicts are adjusted: `p by Holm over 5 comparisons`; with one test there is nothing to do.

    Args:
        n_tests: Number of tests that Holm's method was applied to.
        noun: What they are called: comparison, or test.
    """
    return f"p by Holm over {counted(n_tests, noun)}" if n_tests > 1 else f"p of 1 {noun}, which needs no adjustment"


def confidence(looks: int) -> str:
    """`95 %`: the level of the intervals of differences; `99.5 %` at each of ten looks at the growing runs."""
    return f"{100 - 5 / looks:.4g} %"


def percent(fraction: float) -> str:
    """`98.44` for 0.9844."""
    return f"{100 * fraction:.2f}"


def percents(low: float | None, high: float | None) -> str:
    """`98.33 to 98.55` for two fractions, empty if one is unknown."""
    return "" if low is None or high is None else f"{percent(low)} to {percent(high)}"


def points(fraction: float) -> str:
    """`+0.12`: a difference of fractions in percentage points, never `-0.00`."""
    return f"{round(100 * fraction, 2) + 0.0:+.2f}"


def spread(summary: Summary | None, form: str, unit: float = 1) -> str:
    """`98.44 ± 0.09`: mean and sd; only the mean for a single value, empty for None.

    Args:
        summary: The values.
        form: Format of a number, for example `.2f`.
        unit: Factor for mean and sd, for example 100 for percent.
    """
    if summary is None:
        return ""
    mean = format(unit * summary.mean, form)
    return mean if summary.sd is None else f"{mean} ± {unit * summary.sd:{form}}"
