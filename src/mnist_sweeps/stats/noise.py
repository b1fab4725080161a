"""The noise law: how far test accuracy moves when nothing but the seed changes."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt

import numpy as np
from scipy.special import ndtri, stdtrit


@dataclass(frozen=True)
class Sample:
    """The test accuracies of one row: `values`, fractions, one a run, on the same `n_test` images.

    Raises `ValueError` for no values, a value outside 0..1 (or nan), or fewer than one image.
    """

    values: tuple[float, ...]
    n_test: int

    def __post_init__(self) -> None:
        """Refuse what no network can score."""
        if not self.values:
            raise ValueError("a sample needs at least one accuracy")
        if not all(0 <= value <= 1 for value in self.values):
            raise ValueError(f"accuracies are fractions in 0..1, not {list(self.values)}")
        if self.n_test < 1:
            raise ValueError(f"n_test is a count of images, at least 1, not {self.n_test}")

    @property
    def mean(self) -> float:
        """Mean accuracy, a fraction."""
        return float(np.mean(self.values))

    @property
    def freedom(self) -> int:
        """Degrees of freedom of the variance: runs - 1."""
        return len(self.values) - 1

    @property
    def constant(self) -> bool:
        """Whether all runs scored the same: a single run, dead nets, or a seed that is not applied."""
        return max(self.values) - min(self.values) < 0.5 / self.n_test

    @property
    def variance(self) -> float:
        """Variance over runs (n - 1); 0 where all runs scored the same."""
        return 0.0 if self.constant else float(np.var(self.values, ddof=1))

    @property
    def law(self) -> float:
        """Variance that the noise law gives one run; an error below one image counts as one image."""
        return max(1 - self.mean, 1 / self.n_test) / (2 * self.n_test)


def noise_law_sd(accuracy: float, n_test: int) -> float:
    """Standard deviation of test accuracy over seeds, a fraction: sqrt(error / (2 n_test)).

    About half of the images that a run misclassifies are missed by chance, independently of each other.
    0.09 pp at 98.4 % on 10,000 images. Measured on MLPs and CNNs; a net that does not train does not obey it.
    """
    return sqrt((1 - accuracy) / (2 * n_test))


def self_check_ratio(sample: Sample) -> float:
    """Observed sd over the noise law's. Near 0: the seed is not applied; above 2: unstable training.

    Raises `ValueError` for a single run.
    """
    if not sample.freedom:
        raise ValueError("one run has no spread: the self-check needs at least 2")
    return sqrt(sample.variance / sample.law)


def dispersion(samples: Mapping[str, Sample]) -> float:
    """Pooled observed variance over the law's: phi = sum(var_i / law_i (n_i - 1)) / sum(n_i - 1).

    Every row given counts; single runs carry no weight. 1.0, the law itself, where no row has two runs.
    """
    freedom = sum(sample.freedom for sample in samples.values())
    if not freedom:
        return 1.0
    return sum(s.variance / s.law * s.freedom for s in samples.values()) / freedom


def detectable_difference(
    accuracy: float, n_test: int, seeds: int, rows: int = 2, power: float = 0.5, level: float = 0.95
) -> float:
    """Smallest true difference, a fraction, that `rows` rows of `seeds` runs find with probability `power`.

    (t_crit + t_power) sqrt(2 law / seeds), with the pooled rows (seeds - 1) degrees of freedom and the first
    step of Holm over rows - 1 comparisons; the normal law for one seed. Assumes that the rows obey the noise
    law. Raises `ValueError` for fewer than 1 seed or 2 rows.

    Example:
        >>> round(100 * detectable_difference(0.984, 10_000, seeds=5), 2)     # percentage points
        0.13
    """
    if seeds < 1 or rows < 2:
        raise ValueError(f"a comparison needs at least 1 seed and 2 rows, not {seeds} and {rows}")
    tail = (1 - level) / 2 / (rows - 1)
    freedom = rows * (seeds - 1)
    steps = stdtrit(freedom, [1 - tail, power]) if freedom else ndtri([1 - tail, power])
    return float(sum(steps)) * noise_law_sd(accuracy, n_test) * sqrt(2 / seeds)
