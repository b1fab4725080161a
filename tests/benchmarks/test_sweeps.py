"""Whole sweeps: from a few short ones to the whole table."""

import pytest
from benchmarks.contest import BASIC, CONTENDERS, OURS
from benchmarks.law import Law, Size

from benchmarks import sweeps

QUICK, SLOW = Law(start=10, job=4, run=1, epoch=1), Law(start=5, job=0, run=2, epoch=5)
SHORT = [Size(1, 1, 1), Size(4, 4, 4), Size(4, 4, 12)]


@pytest.fixture
def found() -> dict:
    """What would be measured if this project kept to one law and everyone else to another."""
    sizes = [(name, size) for size in SHORT for name in CONTENDERS]
    sizes += [(OURS, Size(4, 20, 20)), (OURS, Size(4, 4, 24))]
    measured = [
        {"contender": name, "size": size, "seconds": (QUICK if name == OURS else SLOW).seconds(size), "accuracy": 0.97}
        for name, size in sizes
    ]
    measured[-1]["seconds"] += 7  # the check is not fitted
    return {"rows": 4, "measured": measured}


def test_the_table_by_the_law(found):
    ours = 10 + 15 * 4 + 75 * 1 + 1950 * 1
    others = 5 + 75 * 2 + 1950 * 5
    assert sweeps.whole(found, OURS) == pytest.approx(ours)
    assert sweeps.whole(found, BASIC) == pytest.approx(others)
    assert [target.got for target in sweeps.targets(found)] == [f"{others / ours:.3g} x"] * 2


def test_the_page_says_a_and_b_and_how_well_they_hold(found):
    page = sweeps.section(found)
    assert "| this project | 16.0 s | 34.0 s | 42.0 s | 30.0 s | 1.00 s |" in page
    assert "24 epochs: 61.0 s measured, 54.0 s by the law" in page
