"""What matters in a grid: which rows are one, which cells count, and the answer in words."""

import itertools

import pytest
from tests.synthetic_sweep import Sweep

from mnist_sweeps import report
from mnist_sweeps.report.grid import grid

STEPS = (-0.0009, -0.0004, 0.0, 0.0005, 0.0008)
BETTER = {"sgd": 0.0, "adam": 0.017, 0.0: 0.0, 0.5: 0.004, 64: 0.0, 128: 0.0}


def filled(sweep: Sweep, runs=5, **axes):
    """A grid whose cells have the sum of what `BETTER` says of their values."""
    for cell in itertools.product(*axes.values()):
        accuracy = 0.96 + sum(BETTER.get(value, 0.0) for value in cell)
        count = runs(cell) if callable(runs) else runs
        name = ", ".join(map(str, cell))
        sweep.row(name, [accuracy + step for step in STEPS[:count]], seeds=5)
        keys = (key.replace("_in_", ".") for key in axes)
        sweep.variants[-1]["overrides"] = dict(zip(keys, cell, strict=True))
    return sweep


THREE_AXES = {"optimizer": ("sgd", "adam"), "model_in_dropout": (0.0, 0.5), "training_in_batch_size": (64, 128)}


def test_the_answer_says_what_matters_and_what_does_not(sweep):
    read = report.read(filled(sweep, **THREE_AXES).save())
    assert read.answer.endswith(
        "Averaged over the other settings, optimizer matters most (1.70 pp, best adam), then dropout (0.40 pp, best "
        "0.5); batch_size does not matter (within 0.2 pp)."
    )
    assert [of.name for of in read.effects.effects[3:]] == [
        "optimizer x dropout", "optimizer x batch_size", "dropout x batch_size",
    ]  # fmt: skip


def test_the_report_has_table_page_data_and_picture(sweep):
    folder = filled(sweep, **THREE_AXES).save()
    report.write(folder)
    assert "| optimizer              | 1.70 [" in (folder / "report.txt").read_text()
    assert "## Effects of the settings" in (folder / "report.md").read_text()
    assert (folder / "effects.csv").read_text().startswith("setting,with,size,size_ci_low,size_ci_high,p,p_adjusted,")
    page = (folder / "report.html").read_text()
    assert 'id="effects-title"' in page and 'alt="cell means of all rows"' in page
    assert (folder / "figures" / "cell_means.png").exists()


def test_levels_with_failed_cells_are_left_out_and_named(sweep):
    axes = {"optimizer": ("sgd", "adam", "lion"), "model_in_dropout": (0.0, 0.5)}
    read = report.read(filled(sweep, lambda cell: 0 if cell == ("lion", 0.5) else 5, **axes).save())
    assert read.effects.grid.factors[0].levels == ("sgd", "adam")
    assert read.effects.remark == "without optimizer lion, where cells have fewer than two runs"


@pytest.mark.parametrize("runs", [1, lambda cell: 5 if cell[0] == "adam" else 1])
def test_where_no_grid_is_left_one_line_says_why(sweep, runs):
    folder = filled(sweep, runs, optimizer=("sgd", "adam"), model_in_dropout=(0.0, 0.5)).save()
    report.write(folder)
    few = 4 if runs == 1 else 2
    line = f"No effects of the settings, {few} of 4 cells: fewer than two runs that can be compared."
    assert line in (folder / "report.txt").read_text().splitlines()
    assert not (folder / "effects.csv").exists()


def test_folds_have_no_effects(sweep):
    for cell in itertools.product("ab", "cd"):
        sweep.fold_row("".join(cell), [0.97, 0.98, 0.96], [0.97, 0.98, 0.96])
        sweep.variants[-1]["overrides"] = dict(zip(("optimizer", "model.activation"), cell, strict=True))
    assert "folds" in report.read(sweep.save()).effects.remark


def named(sweep, *overrides):
    for place, of in enumerate(overrides):
        sweep.row(f"row {place}", [0.98, 0.981])
        sweep.variants[-1]["overrides"] = of
    return grid(report.read(sweep.save()).rows)


def test_settings_that_vary_together_are_one_factor(sweep):
    pairs = [{"a.x": x, "b.y": 10 * x, "c.x": z} for x in (1, 2) for z in (3, 4)]
    assert [(of.name, of.levels) for of in named(sweep, *pairs).factors] == [
        ("a.x, y", ("1, 10", "2, 20")), ("c.x", ("3", "4")),
    ]  # fmt: skip


def test_variants_times_a_grid_are_a_factor(sweep):
    crossed = [{"seeds_of": n} | own for own in ({}, {"model.dropout": 0.5}) for n in (1, 2)]
    assert [of.levels for of in named(sweep, *crossed).factors] == [("1", "2"), ("as in common", "model.dropout=0.5")]


@pytest.mark.parametrize(
    "overrides",
    [
        [{"a": 1, "b": 1}, {"a": 1, "b": 2}, {"a": 2, "b": 1}],
        [{"a": 1}, {"a": 2}, {"a": 3}],
        [{}, {"a": 1}, {"b": 1}, {"a": 1, "b": 1}],
    ],
)
def test_other_sweeps_are_no_grid(sweep, overrides):
    assert named(sweep, *overrides) is None
