"""results.md from what the parts kept."""

import pytest
from benchmarks.timeline import Event

from benchmarks import render, timeline

MACHINE = {"processor": "slow", "threads": "2"}
LANES = {"ours": 1.1, "ours_side_by_side": 1.0, "handwritten_jax": 1.08, "notebook_fit": 3.6, "kernels": 0.8}


@pytest.fixture
def steady() -> dict:
    lanes = {name: {"first": 5.0, "seconds": [s], "median": s, "val_accuracy": 0.98} for name, s in LANES.items()}
    net = {"name": "a net", "images": 60_000, "flops": 150e9, "done": 120e9, "peak": 200e9, "lanes": lanes}
    return {"made": "2026-11-20 12:00", "quick": False, "seconds": 300.0, "load": 0.1, "machine": MACHINE,
            "found": {"nets": [net, net]}}  # fmt: skip


@pytest.mark.parametrize(
    ("target", "verdict"),
    [
        pytest.param("a net: against notebook `fit` | at least 3.5 x", "3.6 x | met", id="more is wanted, and there"),
        pytest.param("a net: against notebook `fit` | at least 20 x", "3.6 x | **missed**", id="more is wanted"),
        pytest.param("a net: against the hand-written loop | at most 1.05 x", "1.02 x | met", id="less is wanted"),
        pytest.param("a net: of the sgemm peak | at least 70 %", "75 % | met", id="share of the peak"),
        pytest.param(
            "a net: of the sgemm peak, work done | at least 80 %", "60 % | **missed**", id="share without idle work"
        ),
    ],
)
def test_a_target_says_whether_it_is_met(steady, target, verdict):
    assert f"| {target} | {verdict} |" in render.render({"steady": steady})


def test_the_floor_stands_next_to_its_target(steady):
    assert "**missed** | the hand-written loop reaches 3.3 x |" in render.render({"steady": steady})


def test_a_table_has_the_fastest_first(steady):
    page = render.render({"steady": steady})
    starts = [page.index(f"| {name} |") for name in ("the multiplications alone", "this project, one training")]
    assert starts == sorted(starts)


def test_a_part_that_failed_costs_no_other(steady):
    page = render.render({"steady": steady, "cnn": {"quick": False, "failed": "it took more than 540 s"}})
    assert "## CNNs in steady state\n\nNot measured: it took more than 540 s" in page
    assert "## Whole sweeps\n\nNot measured: it has not been run" in page
    assert "| this project, one training | 1.100 |" in page


def test_several_machines_say_which_parts_were_theirs(steady):
    other = {**steady, "machine": {"processor": "a GPU's"}, "found": {"absent": "none"}}
    page = render.render({"steady": steady, "gpu": other})
    assert "The parts steady ran on:\n\n- processor: slow" in page
    assert "The parts gpu ran on:\n\n- processor: a GPU's" in page


def test_the_machine_is_described_once(steady):
    memory = {**steady, "found": {"workers": []}}
    assert render.render({"steady": steady, "memory": memory}).count("processor: slow") == 1


def test_time_of_some_events_inside_others():
    task = Event("task", 7, 10, 20)
    inside, outside, elsewhere = Event("load", 7, 11, 13), Event("load", 7, 21, 22), Event("load", 8, 11, 13)
    assert timeline.spent([task, inside, outside, elsewhere], "load", [task]) == 2
