"""Intervals: for the mean over seeds, for one more run, and for digits that no run has seen."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, sqrt

import numpy as np
from scipy.special import ndtri, stdtr, stdtrit

from mnist_sweeps.stats.noise import Sample


@dataclass(frozen=True)
class Summary:
    """A row in numbers, in the unit of its values; one run has no `sd` and no 95 % interval for the mean."""

    n: int
    mean: float
    sd: float | None
    low: float | None
    high: float | None


def summarize(values: Sequence[float]) -> Summary:
    """Count, mean, sd (n - 1) and 95 % t interval of `values` [runs]. Raises `ValueError` for none."""
    runs = _values(values, 1)
    if len(runs) == 1:
        return Summary(1, float(runs[0]), None, None, None)
    return Summary(len(runs), float(runs.mean()), float(runs.std(ddof=1)), *t_interval(values))


def t_interval(values: Sequence[float], level: float = 0.95) -> tuple[float, float]:
    """Interval (low, high) for the mean over seeds of `values` [runs], in their unit: mean ± t sd / sqrt(n).

    Assumes independent runs, near normal. It speaks of this test set only. Equal values give an interval
    without width, which no seed justifies: look at `self_check_ratio`. Raises `ValueError` below 2 values.
    """
    runs = _values(values, 2)
    mean = float(runs.mean())
    reach = _t(len(runs) - 1, level) * float(runs.std(ddof=1)) / sqrt(len(runs))
    return mean - reach, mean + reach


@dataclass(frozen=True)
class Prediction:
    """Where one more run of a row would lie, in the metric's unit: a t or normal law around `mean`."""

    mean: float
    error: float
    freedom: float

    def interval(self, level: float = 0.95) -> tuple[float, float]:
        """Interval (low, high) that holds one more run with probability `level`."""
        reach = _t(self.freedom, level) * self.error
        return self.mean - reach, self.mean + reach

    def p(self, value: float) -> float:
        """Two-sided p value of `value` as one more run."""
        return float(2 * stdtr(self.freedom, -abs(value - self.mean) / self.error))


def predict_accuracy(values: Sequence[float], n_test: int) -> Prediction:
    """One more run's test accuracy: mean ± t sqrt(1 + 1/n) sd.

    `values` [runs] are accuracies on `n_test` images. Equal ones get the noise law's sd; a single run gets
    that sd and the normal law. Assumes near normal runs of one config. Raises `ValueError` as `Sample` does.
    """
    sample = Sample(tuple(values), n_test)
    sd = sqrt(sample.law if sample.constant else sample.variance)
    return Prediction(sample.mean, sqrt(1 + 1 / len(values)) * sd, sample.freedom or inf)


def predict_metric(values: Sequence[float]) -> Prediction | None:
    """One more run's value of a metric without a noise law (loss); None for one run, or for equal ones."""
    runs = _values(values, 1)
    if len(runs) < 2 or np.ptp(runs) == 0:
        return None
    return Prediction(float(runs.mean()), sqrt(1 + 1 / len(runs)) * float(runs.std(ddof=1)), len(runs) - 1)


def prediction_interval(values: Sequence[float], n_test: int, level: float = 0.95) -> tuple[float, float]:
    """Interval (low, high), fractions, for the test accuracy of one more run, as `predict_accuracy` sees it.

    It fails one right reference in twenty at 0.95. Raises `ValueError` as `Sample` does.
    """
    low, high = predict_accuracy(values, n_test).interval(level)
    return max(low, 0.0), min(high, 1.0)


def wilson_interval(accuracy: float, n_test: int, level: float = 0.95) -> tuple[float, float]:
    """Interval (low, high), fractions, for the accuracy of one trained net on new digits (Wilson 1927).

    Assumes that the `n_test` images are a random sample of all digits. It knows nothing of other seeds.
    """
    return _wilson(accuracy, n_test, float(ndtri((1 + level) / 2)))


def new_digits_interval(correct: np.ndarray, level: float = 0.95) -> tuple[float, float]:
    """Interval (low, high), fractions, for the mean accuracy of a config over new seeds *and* new digits.

    `correct` [runs, images] tells which run got which test image right. The variance of the mean is that of a
    crossed design, runs and images both random: (MS_images + max(MS_runs - MS_residual, 0)) / (runs images),
    with Satterthwaite's degrees of freedom (Searle, Casella & McCulloch 1992). It enters Wilson's formula as
    an effective number of images, which keeps the interval inside 0..1 and off zero width. Raises
    `ValueError` below 2 runs or images.
    """
    right = np.asarray(correct, float)
    if right.ndim != 2 or min(right.shape) < 2:
        raise ValueError(f"`correct` needs at least 2 runs and 2 images, not an array of shape {right.shape}")
    runs, images = right.shape
    mean = float(right.mean())
    by_run = images * float(right.mean(axis=1).var(ddof=1))
    by_image = runs * float(right.mean(axis=0).var(ddof=1))
    total = float(((right - mean) ** 2).sum())
    rest = max(total - (runs - 1) * by_run - (images - 1) * by_image, 0.0) / ((runs - 1) * (images - 1))
    seeds = max(by_run - rest, 0.0)
    square = by_image + seeds
    if not square:
        return wilson_interval(mean, images, level)
    curve = by_image**2 / (images - 1)
    if seeds:
        curve += by_run**2 / (runs - 1) + rest**2 / ((runs - 1) * (images - 1))
    effective = mean * (1 - mean) * runs * images / square
    return _wilson(mean, effective, _t(square**2 / curve, level))


def _wilson(share: float, count: float, quantile: float) -> tuple[float, float]:
    """Wilson's interval for a share of `count` images, at a normal or t quantile."""
    square = quantile**2 / count
    middle = (share + square / 2) / (1 + square)
    reach = sqrt(square * (share * (1 - share) + square / 4)) / (1 + square)
    return max(middle - reach, 0.0), min(middle + reach, 1.0)


def _t(freedom: float, level: float) -> float:
    """Two-sided t quantile."""
    return float(stdtrit(freedom, (1 + level) / 2))


def _values(values: Sequence[float], least: int) -> np.ndarray:
    """The values as an array [runs]. Raises `ValueError` below `least`."""
    runs = np.asarray(values, float)
    if runs.ndim != 1 or len(runs) < least:
        raise ValueError(f"needs at least {least} values, not {runs.size}")
    return runs
