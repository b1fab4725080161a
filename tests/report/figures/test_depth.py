"""Which rows can be drawn against their depth."""

import pytest

from mnist_sweeps.report import read
from mnist_sweeps.report.figures import depth

ADAM = {"optimizer": {"name": "adam"}, "model": {"hidden": [1]}}


def layers(count, dropout=False, batch_norm=False, pixels=False):
    made = [("Dropout", "input_dropout")] if pixels else []
    for number in range(1, count + 1):
        made.append(("Conv2D", f"conv_{number}"))
        made += [("BatchNormalization", f"conv_{number}_batch_norm")] if batch_norm else []
        made += [("Dropout", f"conv_{number}_dropout")] if dropout else []
    return {"layers": [{"class": kind, "name": name} for kind, name in [*made, ("Dense", "output")]]}


def row(sweep, name, accuracies, effective, config=ADAM):
    sweep.row(name, accuracies, effective=effective, config=config)


def lines(sweep):
    found = depth.lines(read(sweep.save()).rows)
    return {kind: [(count, round(mean, 4)) for count, mean, _, _ in points] for kind, points in found.items()}


def test_kinds_have_a_line_each_as_built(sweep):
    for count, plain, dropped in ((5, 0.98, 0.985), (3, 0.97, 0.975)):
        row(sweep, f"{count}", [plain, plain], layers(count))
        row(sweep, f"{count}, dropout", [dropped, dropped], layers(count, dropout=True))
        row(sweep, f"{count}, both", [0.99, 0.99], layers(count, dropout=True, batch_norm=True))
    assert lines(sweep) == {
        "without dropout": [(3, 0.97), (5, 0.98)],
        "with dropout": [(3, 0.975), (5, 0.985)],
        "batch norm, with dropout": [(3, 0.99), (5, 0.99)],
    }


def test_a_point_has_the_interval_of_the_table(sweep):
    row(sweep, "1", [0.96, 0.98, 0.97], layers(1))
    row(sweep, "2", [0.98], layers(2))
    report = read(sweep.save())
    expected = [(row.hidden, row.accuracy.mean, row.accuracy.low, row.accuracy.high) for row in report.rows]
    assert depth.lines(report.rows) == {"without dropout": expected}


def test_dropout_of_the_pixels_is_none_of_the_layers(sweep):
    row(sweep, "1", [0.96], layers(1, pixels=True))
    row(sweep, "2", [0.97], layers(2))
    assert list(lines(sweep)) == ["without dropout"]


def test_rows_that_differ_in_more_are_left_out(sweep):
    row(sweep, "1", [0.96], layers(1))
    row(sweep, "2", [0.97], layers(2))
    row(sweep, "SGD, 3", [0.9], layers(3), {**ADAM, "optimizer": {"name": "sgd"}})
    assert lines(sweep) == {"without dropout": [(1, 0.96), (2, 0.97)]}


def test_an_entry_per_layer_is_no_difference(sweep):
    for count in (1, 2):
        config = {**ADAM, "initializer": {"name": "random_normal", "stddev": [0.1] * count}}
        row(sweep, f"{count}", [0.9], layers(count), config)
    assert lines(sweep) == {"without dropout": [(1, 0.9), (2, 0.9)]}


def test_among_equally_deep_rows_the_best_by_validation_comes_first(sweep):
    sweep.row("worse", [0.97], effective=layers(1), config=ADAM, metrics={"val_accuracy": 0.90})
    sweep.row("better", [0.96], effective=layers(1), config=ADAM, metrics={"val_accuracy": 0.95})
    row(sweep, "2", [0.98], layers(2))
    assert lines(sweep) == {"without dropout": [(1, 0.96), (1, 0.97), (2, 0.98)]}


@pytest.mark.parametrize("counts", [pytest.param([], id="no rows"), pytest.param([2, 2], id="one depth")])
def test_without_two_depths_there_is_nothing(sweep, counts):
    for number, count in enumerate(counts):
        row(sweep, f"row {number}", [0.9], layers(count))
    row(sweep, "dropout", [0.9], layers(3, dropout=True))
    sweep.row("not run yet", seeds=2)
    assert lines(sweep) == {}
