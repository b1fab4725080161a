"""Parallel coordinates and importances of grids and searches."""

import pytest

from mnist_sweeps.report import read
from mnist_sweeps.report.page import parallel


def grid(sweep):
    for width, depth, accuracy in ((8, 1, 0.90), (8, 2, 0.91), (16, 1, 0.95), (16, 2, 0.96)):
        sweep.row(f"{width}, {depth}", [accuracy])
        sweep.variants[-1]["overrides"] = {"model.width": width, "model.depth": depth}
    return read(sweep.save())


def test_a_line_for_each_row_goes_through_its_settings_to_its_score(sweep):
    found = parallel.axes(grid(sweep))
    assert [axis["key"] for axis in found["axes"]] == ["model.width", "model.depth", "accuracy %"]
    assert found["axes"][0]["ticks"] == [[0.0, "8"], [1.0, "16"]]
    assert found["lines"][2] == {"row": 2, "score": 94.0, "places": [1.0, 0.0, pytest.approx(0.833)]}


def test_importances_of_a_grid_are_the_variance_that_a_setting_explains_alone(sweep):
    assert parallel.axes(grid(sweep))["importances"] == [
        ["model.width", pytest.approx(25 / 26, abs=1e-4)],
        ["model.depth", pytest.approx(1 / 26, abs=1e-4)],
    ]


def test_many_numbers_make_a_scale_that_is_logarithmic_where_they_span_much(sweep):
    for number in range(8):
        sweep.row(f"row {number}", [0.9 + number / 100])
        sweep.variants[-1]["overrides"] = {"rate": 10.0 ** -(number + 1), "size": number}
    lines = parallel.axes(read(sweep.save()))["lines"]
    assert [line["places"][0] for line in lines] == pytest.approx([1 - n / 7 for n in range(8)], abs=1e-3)


def test_rows_with_one_setting_or_none_have_no_axes(three_rows):
    assert parallel.axes(read(three_rows.save())) == {}
