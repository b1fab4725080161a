"""The axis and lines of the forest plot."""

import pytest

from mnist_sweeps.report import read
from mnist_sweeps.report.page import forest


def drawn(sweep):
    return forest.forest(read(sweep.save()))


def test_every_comparison_is_a_line_with_its_interval_in_order(three_rows):
    found = drawn(three_rows)
    assert [line["name"] for line in found["lines"]] == ["wide", "sgd, 5 epochs"]
    assert [line["kind"] for line in found["lines"]] == ["higher", "lower"]
    for line in found["lines"]:
        assert 0 < line["low"] < line["mean"] < line["high"] < 100
    wide, sgd = found["lines"]
    assert sgd["high"] < found["zero"] < wide["low"]
    assert found["margin"][0] < found["zero"] < found["margin"][1]


def test_the_axis_is_linear_while_differences_are_small(three_rows):
    found = drawn(three_rows)
    assert not found["curved"]
    places = {tick["text"]: tick["place"] for tick in found["ticks"]}
    assert places["0"] - places["-0.5"] == pytest.approx(places["-0.5"] - places["-1"], abs=0.02)


def test_a_dead_net_does_not_press_the_others_into_a_point(three_rows):
    three_rows.row("dead", [0.1, 0.1, 0.1], compared_with="512-256")
    found = drawn(three_rows)
    wide = found["lines"][0]
    assert found["curved"]
    assert wide["high"] - wide["low"] > 3
    assert [tick["text"] for tick in found["ticks"]] == ["-20", "-5", "-1", "-0.2", "0", "+0.2"]


def test_of_many_rows_the_largest_differences_are_shown(three_rows, monkeypatch):
    monkeypatch.setattr(forest, "ROWS", 1)
    found = drawn(three_rows)
    assert ([line["name"] for line in found["lines"]], found["omitted"]) == (["sgd, 5 epochs"], 1)


def test_rows_with_folds_are_compared_by_them(sweep):
    sweep.fold_row("narrow", [0.95, 0.96, 0.955], [0.951, 0.961, 0.956])
    sweep.fold_row("wide", [0.97, 0.98, 0.975], [0.971, 0.981, 0.976], compared_with="narrow")
    assert drawn(sweep)["measure"] == "Fold accuracy"


def test_without_comparisons_there_is_none(sweep):
    sweep.row("a", [0.9])
    assert drawn(sweep) == {}
