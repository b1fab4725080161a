"""Every run of every row on one axis."""

import pytest
from tests.synthetic_sweep import Sweep

from mnist_sweeps.report import read
from mnist_sweeps.report.page.run_plot import run_plot


def test_runs_mean_and_interval_stand_in_order(three_rows: Sweep) -> None:
    plot = run_plot(read(three_rows.save()))
    assert [line["name"] for line in plot["lines"]] == [row.name for row in read(three_rows.folder).rows]
    for line in plot["lines"]:
        low, high = line["interval"]
        assert len(line["runs"]) == 3
        assert 0 < low < line["mean"] < high < 100
        assert line["mean"] == pytest.approx(sum(line["runs"]) / 3, abs=0.1)
    assert not plot["curved"]
    places = [tick["place"] for tick in plot["ticks"]]
    assert len(places) > 1
    assert places == sorted(places)


def test_a_dead_net_does_not_press_the_others_into_a_spot(sweep: Sweep) -> None:
    sweep.row("good", [0.985, 0.986])
    sweep.row("better", [0.990, 0.991])
    sweep.row("dead", [0.11, 0.12])
    plot = run_plot(read(sweep.save()))
    good, better, _ = (line["mean"] for line in plot["lines"])
    assert plot["curved"]
    assert better - good > 5
    assert "99" in [tick["text"] for tick in plot["ticks"]]


def test_runs_without_an_error_have_a_place(sweep: Sweep) -> None:
    sweep.row("one", [1.0, 1.0])
    sweep.row("other", [1.0, 1.0])
    plot = run_plot(read(sweep.save()))
    assert [line["mean"] for line in plot["lines"]] == [50.0, 50.0]


def test_what_a_notebook_printed_is_inside(sweep: Sweep) -> None:
    sweep.row("one", [0.95, 0.96])
    sweep.row("other", [0.95, 0.96])
    sweep.plan["reference"] = {"columns": ["test_accuracy"], "rows": {"one": [0.9]}}
    one, other = run_plot(read(sweep.save()))["lines"]
    assert 0 < one["printed"] < min(one["runs"])
    assert other["printed"] is None


def test_one_row_needs_no_plot(sweep: Sweep) -> None:
    sweep.row("one", [0.95, 0.96])
    sweep.row("missing", seeds=2)
    assert run_plot(read(sweep.save())) == {}
