"""The interval of a difference over new seeds and new digits."""

import numpy as np
import pytest

from mnist_sweeps.stats import new_digits_difference


def right(*errors, images=1000):
    """A row whose runs miss these images."""
    rows = np.ones((len(errors), images), bool)
    for run, missed in enumerate(errors):
        rows[run, list(missed)] = False
    return rows


def test_images_count_as_a_sample():
    """Both runs of either row miss the same images: seeds change nothing, and the images alone are the error."""
    first, second = right(range(10), range(10)), right(range(5, 30), range(5, 30))
    low, high = new_digits_difference(first, second)
    by_image = np.repeat([1.0, 0.0, -1.0], [20, 975, 5])
    reach = 1.962 * by_image.std(ddof=1) / 1000**0.5  # t(0.975) of 999 degrees of freedom
    assert (low, high) == pytest.approx((0.015 - reach, 0.015 + reach), rel=1e-3)


def test_what_both_rows_miss_does_not_count():
    paired = new_digits_difference(right(range(30), range(31)), right(range(32), range(30)))
    apart = new_digits_difference(right(range(30), range(31)), right(range(100, 132), range(100, 130)))
    assert np.diff(paired) < np.diff(apart) / 3


def test_runs_that_spread_count_too():
    calm = new_digits_difference(right(range(30), range(30)), right(range(30), range(30)))
    spread = new_digits_difference(right(range(10), range(50)), right(range(30), range(30)))
    assert np.diff(spread) > 5 * np.diff(calm)


def test_equal_rows_have_no_interval_without_width():
    low, high = new_digits_difference(right([], []), right([], []))
    assert low == -high < 0


@pytest.mark.parametrize("other", [right([]), right([], [], images=5)], ids=["one run", "other images"])
def test_what_cannot_be_paired_is_refused(other):
    with pytest.raises(ValueError, match="at least 2 runs"):
        new_digits_difference(right([], []), other)
