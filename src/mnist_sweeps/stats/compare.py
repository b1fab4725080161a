"""Verdicts: whether a row is higher than the row it is compared with, lower, the same, or not distinguishable."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import nan

import numpy as np

from mnist_sweeps.stats.difference import SINGLE, UNTESTED, Difference, accuracy_difference, metric_difference
from mnist_sweeps.stats.folds import FoldScores, fold_difference
from mnist_sweeps.stats.noise import Sample
from mnist_sweeps.stats.pool import pool

LEVEL = 0.05
ONE_SEED, NOT_DISTINGUISHABLE = "one seed", "not distinguishable"
NO_FOLDS: Mapping[str, FoldScores] = {}


@dataclass(frozen=True)
class Comparison:
    """A row minus the row it is compared with, in the metric's unit (accuracies: fractions).

    `low` and `high` bound the plain 95 % interval of this one difference; `p_adjusted` is Holm's over the
    sweep. Both p are None where a side has a single run: the interval is then the noise law's band, and the
    verdict `one seed`. `tests` is the number of comparisons that Holm's method was applied to. Where a sweep is looked
    at several times, interval and `p_adjusted` allow for it, and `round` is the look that they are of (else 0).
    """

    difference: float
    low: float
    high: float
    p: float | None
    p_adjusted: float | None
    verdict: str
    method: str
    tests: int = 0
    round: int = 0

    @property
    def decided(self) -> bool:
        """Whether it is `higher`, `lower` or `same within`."""
        return self.verdict not in (NOT_DISTINGUISHABLE, ONE_SEED)


def compare(
    samples: Mapping[str, Sample],
    against: Mapping[str, str],
    margin: float,
    folds: Mapping[str, FoldScores] = NO_FOLDS,
    looks: int = 1,
    others: int = 0,
) -> dict[str, Comparison]:
    """A `Comparison` of test accuracy for each key of `against` with the row it names, in that order.

    Two rows that both have `folds` are compared by their accuracy on these (`fold_difference`).

    Each row counts by the spread that the rows share (`pool`), or by its own where that is larger; a row of two
    runs by its own. Runs that all scored the same count as one run with the law's variance, not as certainty.
    `samples` are independent: leave out a row that is another one under a second name.

    Verdicts, the first that holds: `one seed` where a side has a single run, since one run shows no spread;
    `higher` or `lower` where Holm's p over all other comparisons is below 0.05 (even inside the margin: a
    significant difference is reported, and its interval shows that it is small); `same within M pp` where two
    one-sided tests against ±`margin` (a fraction) have a p below 0.05, by Holm as well, and the 95 % interval
    lies inside; else `not distinguishable`. Where this is the last of several `looks` at a growing sweep, each has an
    equal share of the 5 %. `others` is the number of comparisons that are not shown, over which p is adjusted, too.
    Raises `ValueError` for a name without a sample, a row against itself, or a negative margin.
    """
    _check(samples, against, margin)
    shared = pool(samples)
    tests = {
        name: fold_difference(folds[name], folds[other])
        if name in folds and other in folds
        else accuracy_difference(name, other, samples, shared)
        for name, other in against.items()
    }
    return _verdicts(tests, margin, same_within(margin), looks, others)


def same_within(margin: float) -> str:
    """The verdict on two rows of equal accuracy: `same within 0.2 pp` for a margin of 0.002."""
    return f"same within {100 * margin:g} pp"


def compare_metric(
    values: Mapping[str, Sequence[float]], against: Mapping[str, str], margin: float
) -> dict[str, Comparison]:
    """As `compare`, for a metric without a noise law (loss, train-test gap, seconds): Welch with Holm.

    `margin` is in the metric's unit. A row of one run, or of equal values that are neither 0 nor 1, has
    no known spread: its comparisons have an interval of nan and the verdict `one seed` or `not distinguishable`.
    Raises `ValueError` as `compare` does, and for a row without values or with one that is not finite.
    """
    _check(values, against, margin)
    arrays = {name: np.asarray(row, float) for name, row in values.items()}
    if not all(row.size and np.isfinite(row).all() for row in arrays.values()):
        raise ValueError("every row needs at least one value, and every value must be finite")
    tests, found = {}, {}
    for name, other in against.items():
        difference = float(arrays[name].mean() - arrays[other].mean())
        single = min(arrays[name].size, arrays[other].size) == 1
        verdict = ONE_SEED if single else NOT_DISTINGUISHABLE
        found[name] = Comparison(difference, nan, nan, None, None, verdict, "no spread known")
        if test := metric_difference(values[name], values[other]):
            tests[name] = test
    return found | _verdicts(tests, margin, f"same within {margin:g}")


def holm(p: Sequence[float]) -> np.ndarray:
    """Holm's adjusted p values [m] in the order given: they bound the chance of any false one (Holm 1979)."""
    raw = np.asarray(p, float)
    order = np.argsort(raw, kind="stable")
    stepped = np.maximum.accumulate(raw[order] * np.arange(len(raw), 0, -1))
    adjusted = np.empty_like(raw)
    adjusted[order] = np.minimum(stepped, 1)
    return adjusted


def _check(rows: Mapping[str, object], against: Mapping[str, str], margin: float) -> None:
    """Raise `ValueError` where a comparison cannot be made."""
    for name, other in against.items():
        for row in (name, other):
            if row not in rows:
                raise ValueError(f"no runs of {row!r} to compare; there are {', '.join(map(repr, rows))}")
        if name == other:
            raise ValueError(f"{name!r} cannot be compared with itself")
    if not margin >= 0:
        raise ValueError(f"the margin must be 0 or more, not {margin}")


def _verdicts(
    differences: Mapping[str, Difference], margin: float, same: str, looks: int = 1, others: int = 0
) -> dict[str, Comparison]:
    """A verdict for each difference, in the order given, with Holm over those that are tests."""
    tests = {name: test for name, test in differences.items() if test.method not in UNTESTED}
    unseen = [1.0] * others  # whatever their p is, that of the tests before them is not smaller
    adjusted = dict(zip(tests, holm([*(test.p for test in tests.values()), *unseen]).tolist(), strict=False))
    within = dict(zip(tests, holm([*(test.p_within(margin) for test in tests.values()), *unseen]), strict=False))
    return {
        name: judged(test, adjusted.get(name), within.get(name), margin, same, looks, len(tests) + others)
        for name, test in differences.items()
    }


def judged(
    test: Difference, p: float | None, within: float | None, margin: float, same: str, looks: int, tests: int
) -> Comparison:
    """The comparison with its verdict.

    Args:
        test: The difference.
        p: Its p value, adjusted over the comparisons of this look; None where it is no test.
        within: The p value of a difference beyond the margin, adjusted in the same way.
        margin: In the metric's unit.
        same: The verdict where the difference is within the margin.
        looks: At the growing data, each with an equal share of the level: p values count so many times.
        tests: Number of comparisons that p was adjusted over.
    """
    low, high = test.interval_at(LEVEL / looks)
    if p is None or within is None:
        verdict = ONE_SEED if test.method == SINGLE else NOT_DISTINGUISHABLE
        return Comparison(test.value, low, high, None, None, verdict, test.method, tests)
    p, within = min(looks * p, 1.0), looks * within
    verdict = NOT_DISTINGUISHABLE
    if p < LEVEL:
        verdict = "higher" if test.value > 0 else "lower"
    elif within < LEVEL and -margin < low and high < margin:
        verdict = same
    return Comparison(test.value, low, high, test.p, p, verdict, test.method, tests)
