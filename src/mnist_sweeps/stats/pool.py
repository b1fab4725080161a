"""The spread that the rows of a sweep share, and the rows that are too far from the others to share it."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.special import chdtrc, chdtri, fdtr, fdtrc

from mnist_sweeps.stats.noise import Sample

Array = np.ndarray

OUTLIER = (
    0.001  # family-wise: strict, since a row that spreads 4 times as far must not leave the others too narrow a pool
)
LEAST = 3  # rows with a spread; two have nothing to share


@dataclass(frozen=True)
class Pool:
    """Variance over the noise law's, its degrees of freedom, and the names of the rows that it was measured on."""

    dispersion: float
    freedom: float
    rows: frozenset[str]

    @property
    def shared(self) -> bool:
        """Whether there are enough rows to share a spread."""
        return len(self.rows) >= LEAST


def pool(samples: Mapping[str, Sample]) -> Pool:
    """The dispersion of the rows together: phi = sum(w_i var_i / law_i) / sum(w_i).

    A row's weight w_i is n_i - 1, but no more than the median of all rows: a baseline of 20 runs says little of how far
    rows of 3 runs spread. The degrees of freedom are sum(w_i). Rows whose runs all scored the same are left out (dead
    nets, or a seed that is not applied), and so are outliers (F test against the rest, Bonferroni over rows). Assumes
    accuracies near normal over seeds. Without two runs anywhere the dispersion is 1, the law itself.
    """
    names = [name for name, sample in samples.items() if not sample.constant]
    if not names:
        return Pool(1.0, 0.0, frozenset())
    freedom = np.array([samples[name].freedom for name in names], float)
    ratio = np.array([samples[name].variance / samples[name].law for name in names])
    inside = _without_outliers(ratio, freedom)
    weight = np.where(inside, np.minimum(freedom, np.median(freedom)), 0.0)
    rows = frozenset(name for name, member in zip(names, inside, strict=True) if member)
    return Pool(float(weight @ ratio / weight.sum()), float(weight.sum()), rows)


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
