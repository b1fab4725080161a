"""Which rows of a sweep obey the noise law, and the dispersion that these share."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.special import chdtrc, chdtri, fdtr, fdtrc

from mnist_sweeps.stats.noise import Sample, dispersion

Array = np.ndarray

OUTLIER = 0.05  # family-wise: one sweep in twenty sets a row aside though all follow the noise law
SUSPECTS = 0.5  # expected rows a sweep that are suspected by chance: the price of finding sds of twice the law
UNEVEN = 0.10  # level of Bartlett's test that the rest share one dispersion
UNEVEN_SUSPECT = 0.25  # level for a row where they do not


@dataclass(frozen=True)
class Pool:
    """Dispersion over the law, its degrees of freedom, and the names of the rows that may use it."""

    dispersion: float
    freedom: int
    follows_law: frozenset[str]


def pool(samples: Mapping[str, Sample]) -> Pool:
    """The shared dispersion of a sweep, and the rows that obey it.

    Rows of one run do: nothing speaks against. Rows whose runs all scored the same do not: a dead net, or a
    seed that is not applied, tells nothing of spread. Others break it in one of two ways. *Outliers*
    (unstable nets, far above or below the others: F test against the rest, Bonferroni over rows) are left out
    of the dispersion. *Suspects* (more spread than the rest, at a level near 0.5 / rows) stay in it, for
    leaving out the largest would bias it, but get no use of it. Where one row is an outlier others may be,
    and where Bartlett's test finds the rest uneven all may: the level is raised. Assumes accuracies near
    normal over seeds. Raises nothing; without two runs anywhere the dispersion is 1.
    """
    names = [name for name, sample in samples.items() if not sample.constant]
    single = {name for name, sample in samples.items() if not sample.freedom}
    if not names:
        return Pool(1.0, 0, frozenset(single))
    rows = [samples[name] for name in names]
    freedom = np.array([row.freedom for row in rows], float)
    ratio = np.array([row.variance / row.law for row in rows])
    inside = _without_outliers(ratio, freedom)
    _, above = _tails(ratio, freedom, inside)
    follows_law = inside & (above >= _suspect_level(ratio, freedom, inside))
    members = {name: samples[name] for name, member in zip(names, inside, strict=True) if member}
    good = {name for name, obeys in zip(names, follows_law, strict=True) if obeys}
    return Pool(dispersion(members), int(freedom[inside].sum()), frozenset(good | single))


def _without_outliers(ratio: Array, freedom: Array) -> Array:
    """Mask of the rows that no test sets aside, bool [rows]; never all False.

    It starts from the lower median: in a mean a few unstable nets would hide each other, and two rows have
    no middle.
    """
    spread = np.sort(freedom * ratio / chdtri(freedom, 0.5))
    above = chdtrc(freedom, freedom * ratio / spread[(len(spread) - 1) // 2])
    below = 1 - above
    inside = np.zeros(len(ratio), bool)
    for _ in range(10):  # settles in 2 or 3; the limit guards against two masks that call each other
        found = 2 * np.minimum(below, above) >= OUTLIER / len(ratio)
        if not found.any() or (found == inside).all():
            break
        inside = found
        below, above = _tails(ratio, freedom, inside)
    return inside


def _tails(ratio: Array, freedom: Array, inside: Array) -> tuple[Array, Array]:
    """Probabilities [rows] of a ratio this low, and this high, given the other rows inside; 1 where there are none."""
    weight = np.where(inside, freedom, 0.0)
    rest = weight.sum() - weight
    alone = rest == 0
    others = (weight @ ratio - weight * ratio) / np.where(alone, 1, rest)
    relative = ratio / np.where(alone, ratio, others)
    rest = np.where(alone, 1, rest)
    below, above = fdtr(freedom, rest, relative), fdtrc(freedom, rest, relative)
    return np.where(alone, 1.0, below), np.where(alone, 1.0, above)


def _suspect_level(ratio: Array, freedom: Array, inside: Array) -> float:
    """Level of the one-sided test that makes a row a suspect."""
    outside = len(ratio) - int(inside.sum())
    level = SUSPECTS * (1 + outside) / max(len(ratio), 10)
    uneven = bartlett(ratio[inside], freedom[inside]) < UNEVEN
    return min(max(level, UNEVEN_SUSPECT if uneven else 0.0), UNEVEN_SUSPECT)


def bartlett(variance: Array, freedom: Array) -> float:
    """P value of Bartlett's test that variances [rows] with `freedom` [rows] are equal; 1.0 for one row.

    Source: Bartlett 1937, as in `scipy.stats.bartlett`, from variances instead of values.
    """
    if len(variance) < 2:
        return 1.0
    total = freedom.sum()
    statistic = total * np.log(freedom @ variance / total) - freedom @ np.log(variance)
    correction = 1 + (np.sum(1 / freedom) - 1 / total) / (3 * (len(variance) - 1))
    return float(chdtrc(len(variance) - 1, max(statistic / correction, 0)))
