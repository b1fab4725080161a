"""A share of simulated sweeps, as the tables of the documentation print it."""

from math import sqrt


def rate(share: float, count: int) -> str:
    """`1.6 ± 0.3`: a share of `count` sweeps and its binomial standard error, both in per cent."""
    return f"{100 * share:.1f} ± {100 * sqrt(share * (1 - share) / count):.1f}"
