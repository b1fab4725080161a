"""A difference of two means: its standard error, the t distribution that it is held against, p value and interval."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf, sqrt

import numpy as np
from scipy.special import stdtr, stdtrit

from mnist_sweeps.stats.noise import Sample
from mnist_sweeps.stats.pool import Pool

SINGLE = "noise law, single runs"
TWO_AT_CHANCE = "no test, both runs at chance"
UNTESTED = (SINGLE, TWO_AT_CHANCE)
# A row with a larger variance than this, over the shared one, counts by its own. With 3 or 4 runs 1.0: a row that
# spreads twice as far looks no wider than the others one time in five. Simulated: docs/explanation/statistics.md.
OWN, OWN_FROM_5_RUNS = 1.0, 1.4
STEPS = 30  # of a bisection: to 1e-8


@dataclass(frozen=True)
class Side:
    """The variance of a row's mean in the metric's unit squared, its degrees of freedom, and the number of runs."""

    variance: float
    freedom: float
    runs: int
    pooled: bool = False


@dataclass(frozen=True)
class Difference:
    """A difference of means in the metric's unit and its standard error.

    `t` are (weight, degrees of freedom) of the t distributions that it is held against: one, or where the numbers of
    runs differ one for each side.
    """

    value: float
    error: float
    t: tuple[tuple[float, float], ...]
    method: str

    @property
    def p(self) -> float:
        """Two-sided p value of no difference."""
        return 2 * self._tail(abs(self.value) / self.error)

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % interval (low, high)."""
        return self.interval_at(0.05)

    def interval_at(self, level: float) -> tuple[float, float]:
        """The interval (low, high) that misses the true difference with probability `level`."""
        reach = self.error * self.quantile(level / 2)
        return self.value - reach, self.value + reach

    def p_above(self, limit: float) -> float:
        """One-sided p value of a true difference of `limit` or less: small where the difference is above."""
        return self._tail((self.value - limit) / self.error)

    def p_below(self, limit: float) -> float:
        """One-sided p value of a true difference of `limit` or more: small where the difference is below."""
        return self._tail((limit - self.value) / self.error)

    def p_within(self, margin: float) -> float:
        """P value of a true difference outside of ±`margin`: two one-sided tests (Schuirmann 1987)."""
        return max(self.p_above(-margin), self.p_below(margin))

    def _tail(self, t: float) -> float:
        """Probability of a value above `t`."""
        return float(sum(weight * stdtr(freedom, -t) for weight, freedom in self.t))

    def quantile(self, tail: float) -> float:
        """The value that is exceeded with probability `tail`."""
        ends = [float(stdtrit(freedom, 1 - tail)) for _, freedom in self.t]
        low, high = min(ends), max(ends)
        for _ in range(STEPS if low < high else 0):
            middle = (low + high) / 2
            low, high = (middle, high) if self._tail(middle) > tail else (low, middle)
        return high


def accuracy_difference(name: str, other: str, samples: Mapping[str, Sample], shared: Pool) -> Difference:
    """Accuracy of row `name` minus that of row `other`, by the test that the two allow.

    Each side counts by the larger of the shared variance and its own (`side_of`). With a single run on a side, or two
    that both diverged, it is a band of the noise law, and no test.
    """
    rows = samples[name], samples[other]
    difference = rows[0].mean - rows[1].mean
    if min(row.freedom for row in rows) == 0:
        return _band(difference, rows, shared, SINGLE)
    if any(_both_at_chance(*pair) for pair in (rows, rows[::-1])):
        return _band(difference, rows, shared, TWO_AT_CHANCE)
    sides = [side_of(row, shared) for row in rows]
    if all(side.pooled for side in sides):
        error = sqrt(sum(side.variance for side in sides))
        return Difference(difference, error, ((1.0, shared.freedom),), "pooled")
    return welch(difference, sides, "Welch")


def accuracy_above(name: str, value: float, samples: Mapping[str, Sample], shared: Pool) -> Difference:
    """Accuracy of row `name` minus a fixed `value` (a fraction), by the spread that the row allows."""
    row = samples[name]
    if not row.freedom:
        return _band(row.mean - value, [row], shared, SINGLE)
    side = side_of(row, shared)
    return welch(row.mean - value, [side], "pooled" if side.pooled else "t")


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


def welch(difference: float, sides: Sequence[Side], method: str) -> Difference:
    """Test from the variances of one or two means.

    With equal numbers of runs the degrees of freedom are those of Welch and Satterthwaite. With unequal ones these are
    too many where the row of few runs happens to spread little, so p is the mean of the p values by the degrees of
    freedom of either side, weighted by its share of the variance (as the critical values of Cochran and Cox 1950 are).
    """
    square = sum(side.variance for side in sides)
    if len({side.runs for side in sides}) > 1:
        laws = tuple((side.variance / square, side.freedom) for side in sides if side.variance)
    else:
        curve = sum(side.variance**2 / side.freedom for side in sides)
        laws = ((1.0, square**2 / curve if curve else inf),)
    return Difference(difference, sqrt(square), laws, method)


def _plain_side(values: Sequence[float]) -> Side:
    """A side of a metric without a noise law."""
    return Side(float(np.var(values, ddof=1)) / len(values), len(values) - 1, len(values))


def side_of(row: Sample, shared: Pool) -> Side:
    """A row with at least two runs: the shared variance, or its own where that is larger.

    Two runs cannot show whether a row spreads as the others do, so they always count by their own. Equal runs count as
    one run with the law's variance: copies are what a seed that is not applied gives.
    """
    runs = len(row.values)
    if row.constant:
        return Side(max(shared.dispersion, 1.0) * row.law, row.freedom, runs)
    pooled = shared.dispersion * row.law
    if runs < 3 or not shared.shared or row.variance > pooled * (OWN if runs < 5 else OWN_FROM_5_RUNS):
        return Side(row.variance / runs, row.freedom, runs)
    return Side(pooled / runs, shared.freedom, runs, pooled=True)


def _both_at_chance(row: Sample, other: Sample) -> bool:
    """Whether a row has two runs and both only guess, against a row that learned: two diverged runs, or a dead net.

    Where a fifth of all runs diverge, both runs of a row do in one of 25, so that two cannot tell.
    """
    return len(row.values) == 2 and row.only_guesses and other.learned


def _band(difference: float, rows: Sequence[Sample], shared: Pool, method: str) -> Difference:
    """The band where no test is possible: of the law, of the sweep or of a row's own runs where these spread more."""
    law = max(shared.dispersion, 1.0)
    variance = sum(max(law * row.law, row.variance) / (1 if row.constant else len(row.values)) for row in rows)
    return Difference(difference, sqrt(variance), ((1.0, inf),), method)
