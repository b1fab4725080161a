"""The pictures of all rows."""

import pytest

from mnist_sweeps.report import read, write
from mnist_sweeps.report.figures import overview
from mnist_sweeps.storage import picture

NETS = {
    count: {"layers": [{"class": "Dense", "name": name} for name in ["hidden"] * count + ["output"]]}
    for count in (1, 2)
}


@pytest.fixture
def drawn(monkeypatch):
    """The figures that were saved, by name; none is rendered."""
    found = {}
    monkeypatch.setattr(picture, "save", lambda figure, path: found.update({path.relative_to(path.parents[1]): figure}))
    return found


def pictures(sweep, drawn):
    overview.draw(read(sweep.save()))
    return {path.stem: figure for path, figure in drawn.items() if figure is not None}


def names(figure):
    return [label.get_text() for label in figure.axes[0].get_yticklabels()]


def test_report_draws_them(three_rows):
    write(three_rows.save())
    assert [path.name for path in (three_rows.folder / "figures").iterdir()] == ["accuracies.png"]


def test_accuracies_are_those_of_the_table_in_its_order(three_rows, drawn):
    three_rows.row("twin", seeds=3, same_as="wide")
    three_rows.plan["reference"] = {"columns": ["test_accuracy"], "rows": {"wide": [0.987]}}
    figure = pictures(three_rows, drawn)["accuracies"]
    assert names(figure) == ["512-256", "wide", "sgd, 5 epochs"]
    ax, rows = figure.axes[0], read(three_rows.folder).rows[:3]
    values = {line.get_label(): line.get_xdata() for line in ax.lines}
    assert values["runs"] == pytest.approx([100 * value for row in rows for value in row.accuracies])
    assert values["printed"] == pytest.approx([98.7])
    bands = [ends[:, 0].tolist() for ends in ax.collections[0].get_segments()]
    assert bands == [pytest.approx([100 * row.accuracy.low, 100 * row.accuracy.high]) for row in rows]
    assert figure.get_suptitle() == "small: test accuracy of each run, 10,000 test images"


def test_the_interval_of_a_single_run_is_explained(sweep, drawn):
    sweep.row("a", [0.9])
    sweep.row("b", [0.8])
    assert "noise law" in pictures(sweep, drawn)["accuracies"].get_supxlabel()


def test_of_very_many_rows_the_best_by_validation_are_drawn(sweep, drawn, monkeypatch):
    monkeypatch.setattr(overview, "ROWS", 2)
    for name, accuracy in (("a", 0.7), ("b", 0.5), ("c", 0.9)):
        sweep.row(name, [accuracy])
    figure = pictures(sweep, drawn)["accuracies"]
    assert names(figure) == ["a", "c"]
    assert figure.get_supxlabel().startswith("2 of 3 rows, the best by validation")


def test_depth_is_drawn_where_rows_differ_in_it(sweep, drawn):
    for count, effective in NETS.items():
        sweep.row(f"{count} layers", [0.9, 0.91], effective=effective)
    sweep.row("other", [0.9], config={"optimizer": {"name": "sgd"}})
    figure = pictures(sweep, drawn)["depth"]
    assert figure.get_suptitle() == "small: test accuracy by number of layers, 10,000 test images"
    assert "1 row left out" in figure.get_supxlabel()


@pytest.mark.parametrize("rows", [0, 1], ids=["none", "one"])
def test_a_picture_that_does_not_apply_any_more_is_removed(sweep, rows):
    (sweep.folder / "figures").mkdir()
    for name in ("accuracies", "depth"):
        (sweep.folder / "figures" / f"{name}.png").touch()
    for _ in range(rows):
        sweep.row("one", [0.9])
    sweep.row("another", seeds=2)
    write(sweep.save())
    assert not list((sweep.folder / "figures").iterdir())
