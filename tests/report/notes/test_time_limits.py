"""The note on runs that training.time_limit ended."""

from tests.synthetic_sweep import Sweep

from mnist_sweeps.report import read


def test_runs_that_the_time_limit_ended_are_named(sweep: Sweep) -> None:
    sweep.row("whole", [0.98, 0.98])
    sweep.row("ended", [0.97, 0.97], time_limit_at=3)
    rows = "ended (seed 0 after epoch 3, seed 1 after epoch 3)"
    sentence = f"Ended by training.time_limit, which depends on the machine and its load: {rows}."
    assert sentence in read(sweep.save()).notes


def test_a_sweep_without_such_runs_has_no_note(three_rows: Sweep) -> None:
    assert not any("time_limit" in note for note in read(three_rows.save()).notes)
