"""Words and numbers inside sentences and cells."""

import pytest

from mnist_sweeps.report.wording import counted, listed, percents, points, spread
from mnist_sweeps.stats import summarize


@pytest.mark.parametrize(
    ("fraction", "words"), [(0.0012, "+0.12"), (-0.0135, "-1.35"), (-0.00001, "+0.00"), (0.0, "+0.00")]
)
def test_points(fraction, words):
    assert points(fraction) == words


def test_spread():
    assert spread(summarize([0.98, 0.99]), ".2f", 100) == "98.50 ± 0.71"
    assert spread(summarize([0.98]), ".2f", 100) == "98.00"
    assert spread(None, ".2f") == ""


def test_percents():
    assert percents(0.98, 0.99) == "98.00 to 99.00"
    assert percents(None, 0.99) == ""


def test_lists_end_in_a_count():
    assert listed(["a", "b"]) == "a; b"
    assert listed([str(i) for i in range(14)]).endswith("; 11 and 2 more")


def test_counts_have_a_plural():
    assert [counted(n, "run") for n in (0, 1, 2)] == ["0 runs", "1 run", "2 runs"]
