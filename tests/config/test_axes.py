"""Axes of a sweep file: crossed in `grid`, together in `zip`."""

from typing import Any

import pytest

from mnist_sweeps.config.axes import file_axes
from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.config.expand import expand
from mnist_sweeps.config.sweep_spec import CommandLine, Sweep, comparisons

RATES = {"optimizer": ["adam", "sgd"], "optimizer.learning_rate": [0.001, 0.1]}


def names(sweep: Sweep, command: CommandLine | None = None) -> list[str]:
    rows, _ = expand(sweep, command or CommandLine(), {"optimizer"})
    return [row.name for row in rows]


def test_the_values_of_zip_go_together() -> None:
    rows, _ = expand(Sweep(zip=RATES), CommandLine(), {"optimizer"})
    assert [row.settings for row in rows] == [
        {"optimizer": "adam", "optimizer.learning_rate": 0.001},
        {"optimizer": "sgd", "optimizer.learning_rate": 0.1},
    ]


def test_zip_is_one_axis_that_is_crossed_with_those_of_grid_and_with_the_variants() -> None:
    sweep = Sweep(zip=RATES, grid={"training.epochs": [1, 2]})
    assert names(sweep) == ["adam, 0.001, 1", "adam, 0.001, 2", "sgd, 0.1, 1", "sgd, 0.1, 2"]
    sweep = Sweep(zip=RATES, variants={"a": {}, "b": {"model.dropout": 0.5}})
    rows, _ = expand(sweep, CommandLine(), {"optimizer"})
    assert comparisons(sweep, rows)["b, sgd, 0.1"] == "a, sgd, 0.1"


def test_a_key_of_the_command_line_replaces_that_of_zip_alone() -> None:
    command = CommandLine(settings={"optimizer.learning_rate": 0.01})
    axes, announcements = file_axes(Sweep(zip=RATES), command)
    assert axes == [[{"optimizer": "adam"}, {"optimizer": "sgd"}]]
    assert announcements == ["the command line replaces the zip's optimizer.learning_rate: [0.001, 0.1]"]


@pytest.mark.parametrize(
    ("blocks", "line"),
    [
        ({"zip": {"optimizer": []}}, "sweep.zip.optimizer: expected at least one value"),
        ({"grid": {"optimizer": []}}, "sweep.grid.optimizer: expected at least one value"),
        ({"zip": {"a": [1, 2], "b": [1]}}, "sweep.zip: expected as many values of each key, .*; a has 2, b has 1"),
        ({"zip": {"a": [1]}, "grid": {"a": [2]}}, "sweep.zip.a: is in grid, too"),
    ],
)
def test_axes_that_leave_no_variant_or_a_doubt_are_refused(blocks: dict[str, Any], line: str) -> None:
    with pytest.raises(ConfigError, match=line):
        file_axes(Sweep(**blocks), CommandLine())
