"""The law of a sweep's cost."""

import pytest
from benchmarks.law import Law, Size, fitted

TRUE = Law(start=10, job=4, run=0.5, epoch=1.5)


def test_four_sizes_give_the_four_numbers():
    sizes = [Size(1, 1, 1), Size(5, 5, 5), Size(5, 5, 15), Size(5, 25, 25)]
    assert fitted([(size, TRUE.seconds(size)) for size in sizes]) == pytest.approx(TRUE)


def test_what_grows_together_is_known_as_a_sum():
    sizes = [Size(1, 1, 1), Size(5, 5, 5), Size(5, 5, 15)]
    law = fitted([(size, TRUE.seconds(size)) for size in sizes])
    assert (law.start, law.job + law.run, law.epoch) == pytest.approx((10, 4.5, 1.5))
    assert law.seconds(Size(75, 75, 1950)) == pytest.approx(TRUE.seconds(Size(75, 75, 1950)))
