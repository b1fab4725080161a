"""A difference of two means: its standard error, degrees of freedom, p value and interval."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf, sqrt

import numpy as np
from scipy.special import stdtr, stdtrit

from mnist_sweeps.stats.noise import Sample
from mnist_sweeps.stats.pool import Pool

SINGLE = "noise law, single runs"
WIDE = 1.5  # times the shared dispersion: from here on a row that others are compared with counts by its own


@dataclass(frozen=True)
class Difference:
    """A difference of means in the metric's unit, its standard error, and the degrees of freedom of that."""

    value: float
    error: float
    freedom: float
    method: str

    @property
    def p(self) -> float:
        """Two-sided p value of no difference."""
        return float(2 * stdtr(self.freedom, -abs(self.value) / self.error))

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % interval (low, high)."""
        reach = self.error * float(stdtrit(self.freedom, 0.975))
        return self.value - reach, self.value + reach


def accuracy_difference(name: str, other: str, samples: Mapping[str, Sample], shared: Pool) -> Difference:
    """Accuracy of row `name` minus that of row `other`, by the test that the two allow.

    `other` may be what many rows are compared with, so that its error is in all their differences: a shared dispersion
    that is too small for it alone would make one false verdict in 13 sweeps (simulated, 1.5 to 2 times the others' sd).
    """
    pair = samples[name], samples[other]
    difference = pair[0].mean - pair[1].mean
    follows_law = name in shared.follows_law, other in shared.follows_law
    if min(row.freedom for row in pair) == 0:
        sides = [_single_run_side(row, obeys, shared) for row, obeys in zip(pair, follows_law, strict=True)]
        return welch(difference, sides, SINGLE)
    if all(follows_law):
        row, compared = pair
        wide = compared.variance > WIDE * shared.dispersion * compared.law
        square = shared.dispersion * row.law / len(row.values)
        square += (compared.variance if wide else shared.dispersion * compared.law) / len(compared.values)
        return Difference(difference, sqrt(square), shared.freedom, "pooled")
    return welch(difference, [_own_side(row, shared) for row in pair], "Welch")


def accuracy_above(name: str, value: float, samples: Mapping[str, Sample], shared: Pool) -> Difference:
    """Accuracy of row `name` minus a fixed `value` (a fraction), by the spread that the row allows."""
    row, follows_law = samples[name], name in shared.follows_law
    if not row.freedom:
        return welch(row.mean - value, [_single_run_side(row, follows_law, shared)], SINGLE)
    if follows_law:
        pooled = shared.dispersion * row.law / len(row.values), shared.freedom
        return welch(row.mean - value, [pooled], "pooled")
    return welch(row.mean - value, [_own_side(row, shared)], "t")


def metric_difference(values: Sequence[float], others: Sequence[float]) -> Difference | None:
    """Mean of `values` [runs] minus that of `others` [runs], by Welch; None where a side has no known spread.

    Runs that are all at 0 or all at 1 have one, against others that have: a digit that a net never predicts has recall
    0 in each of its runs. Equal values elsewhere are what a seed that is not applied gives.
    """
    known = [len(side) > 1 and bool(np.ptp(side) or side[0] in (0, 1)) for side in (values, others)]
    if not all(known) or not np.ptp(values) + np.ptp(others):
        return None
    sides = [_plain_side(values), _plain_side(others)]
    return welch(float(np.mean(values) - np.mean(others)), sides, "Welch")


def metric_above(values: Sequence[float], value: float) -> Difference | None:
    """Mean of `values` [runs] minus a fixed `value`, by t; None for a single run, and for equal ones."""
    if len(values) < 2 or not np.ptp(values):
        return None
    return welch(float(np.mean(values)) - value, [_plain_side(values)], "t")


def _plain_side(values: Sequence[float]) -> tuple[float, float]:
    """Variance of the mean of a metric without a noise law, and its degrees of freedom."""
    return float(np.var(values, ddof=1)) / len(values), len(values) - 1


def _own_side(row: Sample, shared: Pool) -> tuple[float, float]:
    """Variance of a row's mean from its own runs, with its degrees of freedom.

    Equal runs count as one run, with the law's variance: five copies are what a seed that is not applied
    gives.
    """
    if row.constant:
        return max(shared.dispersion, 1.0) * row.law, shared.freedom or inf
    return row.variance / len(row.values), row.freedom


def _single_run_side(row: Sample, follows_law: bool, shared: Pool) -> tuple[float, float]:
    """Variance of a row's mean where a side has one run: the law's, or the sweep's where that is larger."""
    if not follows_law:
        return _own_side(row, shared)
    return max(shared.dispersion, 1.0) * row.law / len(row.values), inf


def welch(difference: float, sides: Sequence[tuple[float, float]], method: str) -> Difference:
    """Test from the two variances of the means, with the degrees of freedom of Welch and Satterthwaite."""
    square = sum(variance for variance, _ in sides)
    curve = sum(variance**2 / freedom for variance, freedom in sides)
    return Difference(difference, sqrt(square), square**2 / curve if curve else inf, method)
