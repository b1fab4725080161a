"""Words and numbers inside sentences and cells."""

import pytest

from mnist_sweeps.report.wording import counted, listed, percents, points, shortened, spread
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


GRID = "optimizer={name: sgd, learning_rate: 0.0001, momentum: "


@pytest.mark.parametrize(
    ("names", "short"),
    [
        (["a", "x" * 41], ["a", "x" * 39 + "…"]),
        (
            [f"{GRID}{momentum}}}" for momentum in (0, 0.9)],
            ["optimizer={na…momentum: 0}", "optimizer={na…momentum: 0.9}"],
        ),
        (["x" * 60 + "a", "x" * 60 + "b"], ["x" * 13 + "…a", "x" * 13 + "…b"]),
        (["same " * 10, "same " * 10], [("same " * 8)[:39] + "…"] * 2),
    ],
)
def test_names_that_are_cut_stay_different(names, short):
    assert shortened(names, 40) == short


def test_names_that_differ_in_two_places_stay_different():
    names = [f"{'x' * 20}{first}{'y' * 40}{last}" for first in "ab" for last in "cd"] + ["x" * 80]
    assert len(set(shortened(names, 40))) == 5


def test_counts_have_a_plural():
    assert [counted(n, "run") for n in (0, 1, 2)] == ["0 runs", "1 run", "2 runs"]
