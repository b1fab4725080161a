"""The noise law: how far test accuracy moves when nothing but the seed changes."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from math import sqrt

import numpy as np
from scipy.special import stdtrit

from mnist_sweeps.stats.chance import MNIST_CHANCE, guesses, learned

# Variance of a row over the law's: in 80 real rows it followed 5 / chi-square with 5 degrees of freedom. This is the
# median of the mean of two such rows.
TYPICAL = 1.28
MOST_SEEDS = 1000


@dataclass(frozen=True)
class Sample:
    """The test accuracies of one row: `values`, fractions, one a run, on the same `n_test` images.

    `chance` is the share of the largest class among these images.

    Raises `ValueError` for no values, a value outside 0..1 (or nan), or fewer than one image.
    """

    values: tuple[float, ...]
    n_test: int
    chance: float = MNIST_CHANCE

    def __post_init__(self) -> None:
        """Refuse what no network can score."""
        if not self.values:
            raise ValueError("a sample needs at least one accuracy")
        if not all(0 <= value <= 1 for value in self.values):
            raise ValueError(f"accuracies are fractions in 0..1, not {list(self.values)}")
        if self.n_test < 1:
            raise ValueError(f"n_test is a count of images, at least 1, not {self.n_test}")

    @cached_property
    def mean(self) -> float:
        """Mean accuracy, a fraction."""
        return float(np.mean(self.values))

    @property
    def only_guesses(self) -> bool:
        """Whether every run is no better than guessing."""
        return all(guesses(value, self.n_test, self.chance) for value in self.values)

    @property
    def learned(self) -> bool:
        """Whether any run learned."""
        return any(learned(value, self.n_test, self.chance) for value in self.values)

    @property
    def freedom(self) -> int:
        """Degrees of freedom of the variance: runs - 1."""
        return len(self.values) - 1

    @cached_property
    def constant(self) -> bool:
        """Whether all runs scored the same: a single run, dead nets, or a seed that is not applied."""
        return max(self.values) - min(self.values) < 0.5 / self.n_test

    @cached_property
    def variance(self) -> float:
        """Variance over runs (n - 1); 0 where all runs scored the same."""
        return 0.0 if self.constant else float(np.var(self.values, ddof=1))

    @cached_property
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


def detectable_difference(accuracy: float, n_test: int, seeds: int, rows: int = 2, level: float = 0.95) -> float:
    """Smallest true difference, a fraction, that two rows of `seeds` runs show in half of all sweeps.

    t_crit sqrt(2 TYPICAL law / seeds), with the first step of Holm over `rows` - 1 comparisons and 2 (seeds - 1) - 1/2
    degrees of freedom, which Welch's test of two rows has in the middle. Assumes that the rows spread as real ones do,
    some by the law and some farther (`TYPICAL`). Raises `ValueError` for fewer than 2 seeds or rows.

    Example:
        >>> round(100 * detectable_difference(0.984, 10_000, seeds=5), 2)     # percentage points
        0.15
    """
    if seeds < 2 or rows < 2:
        raise ValueError(f"a comparison needs at least 2 seeds and 2 rows, not {seeds} and {rows}")
    critical = stdtrit(2 * (seeds - 1) - 0.5, 1 - (1 - level) / 2 / (rows - 1))
    return float(critical) * noise_law_sd(accuracy, n_test) * sqrt(2 * TYPICAL / seeds)


def seeds_to_detect(difference: float, accuracy: float, n_test: int, rows: int = 2) -> int | None:
    """Smallest number of seeds a row whose `detectable_difference` is at most `difference`; None above 1,000."""
    counts = range(2, MOST_SEEDS + 1)
    return next((n for n in counts if detectable_difference(accuracy, n_test, n, rows) <= difference), None)
