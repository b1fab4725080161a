"""A difference of two rows over new seeds *and* new digits: the test images are a sample, too."""

from math import sqrt

import numpy as np
from scipy.special import stdtrit


def new_digits_difference(correct: np.ndarray, other: np.ndarray) -> tuple[float, float]:
    """The 95 % interval (low, high) of the accuracy of a row minus that of another, fractions.

    The images are the same for both rows, so they are paired: the variance of the mean is that of the differences image
    by image, each a mean over the runs, and that of the runs of either row as far as it is more than the images explain
    (the crossed design of `new_digits_interval`, with the runs inside of the rows; degrees of freedom by
    Satterthwaite). Assumes that the images are a random sample of all digits. A variance below that of a single image
    counts as it.

    Args:
        correct: Which run [runs] of the row got which test image [images] right.
        other: The same of the other row, for the same images.

    Raises:
        ValueError: Fewer than 2 runs or images, or different numbers of images.
    """
    rows = np.asarray(correct, float), np.asarray(other, float)
    if any(row.ndim != 2 or min(row.shape) < 2 for row in rows) or rows[0].shape[1] != rows[1].shape[1]:
        raise ValueError(
            f"needs at least 2 runs each on the same 2 or more images, not arrays of shape {rows[0].shape} and "
            f"{rows[1].shape}"
        )
    images = rows[0].shape[1]
    by_image = rows[0].mean(axis=0) - rows[1].mean(axis=0)
    variance = max(float(by_image.var(ddof=1)) / images, 1 / images**2)
    curve = variance**2 / (images - 1)
    for row in rows:
        runs = len(row)
        between = float(row.mean(axis=1).var(ddof=1))
        within = _residual(row) / images
        if between > within:
            variance += (between - within) / runs
            curve += (between / runs) ** 2 / (runs - 1)
    reach = float(stdtrit(variance**2 / curve, 0.975)) * sqrt(variance)
    difference = float(by_image.mean())
    return difference - reach, difference + reach


def _residual(row: np.ndarray) -> float:
    """Mean square of what neither run nor image explains, of an array [runs, images]."""
    rest = row - row.mean(axis=0) - row.mean(axis=1, keepdims=True) + row.mean()
    return float((rest**2).sum() / ((row.shape[0] - 1) * (row.shape[1] - 1)))
