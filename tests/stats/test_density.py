import numpy as np
import pytest
from scipy.stats import gaussian_kde

from mnist_sweeps.stats.density import POINTS, density

NORMAL = np.random.default_rng(0).normal(3, 0.5, 2001)


def test_it_is_the_kernel_density_estimate_of_scipy():
    found = density(NORMAL)
    assert found is not None
    places, heights = found
    expected = gaussian_kde(NORMAL)(places)
    assert heights == pytest.approx(expected / expected.max())


def test_it_goes_from_the_smallest_to_the_largest_value():
    found = density(NORMAL)
    assert found is not None
    assert (found[0][0], found[0][-1], len(found[0])) == (NORMAL.min(), NORMAL.max(), POINTS)


@pytest.mark.parametrize("values", [np.ones(9), np.array([0.0, np.nan, 1]), np.array([0.0, np.inf])])
def test_there_is_none_of_equal_values_or_such_that_are_not_finite(values):
    assert density(values) is None
