"""The line above the table."""

from mnist_sweeps.report import read

TEST = {"test": 10_000, "validation_is": "test", "description": "mnist 60,000 / 10,000"}


def header(sweep):
    return read(sweep.save()).header


def test_a_finished_sweep(three_rows):
    assert header(three_rows) == "mnist 60,000 / 10,000 · 3 variants x 3 seeds · jax, cpu · 9 min"


def test_one_run_is_singular(sweep):
    sweep.row("a", [0.9])
    assert "1 variant x 1 seed ·" in header(sweep)


def test_rows_with_seeds_of_their_own(sweep):
    sweep.row("a", [0.9] * 2)
    sweep.row("b", [0.9] * 5)
    assert "2 variants x 2 to 5 seeds" in header(sweep)


def test_folds_are_named(sweep):
    sweep.row("a", seeds=1, folds=4)
    sweep.run("a", 0, fold=0)
    assert "1 variant x 1 seed x 4 folds · 1 of 4 runs completed" in header(sweep)


def test_missing_runs_are_counted_and_equal_rows_are_not(three_rows):
    three_rows.row("later", seeds=3)
    three_rows.row("twin", seeds=3, same_as="wide")
    assert "5 variants x 3 seeds · 9 of 12 runs completed" in header(three_rows)


def test_validation_on_the_test_set_is_said(sweep):
    sweep.row("a", [0.9], data=TEST)
    assert header(sweep).startswith("mnist 60,000 / 10,000, validated on the test set · ")


def test_validation_on_the_test_set_is_not_said_twice(sweep):
    sweep.row("a", [0.9], data=TEST | {"description": "mnist, validated on test as the notebook did"})
    assert header(sweep).startswith("mnist, validated on test as the notebook did · ")


def test_rows_on_different_data_are_not_given_one_name(sweep):
    sweep.row("a", [0.9])
    sweep.row("b", [0.9], data=TEST | {"description": "mnist5k 4,000 / 1,000"})
    assert header(sweep).startswith("data differs by row · ")


def test_before_the_first_run_the_planned_data_are_named(sweep):
    sweep.row("a", seeds=2)
    assert header(sweep) == "mnist 60,000 / 10,000 · 1 variant x 2 seeds · 0 of 2 runs completed"


def test_runs_beside_each_other_take_their_time_once(sweep):
    for seed in range(3):
        sweep.run("a", seed, provenance={"time": "2026-11-20T12:05:00+00:00"}, seconds={"total": 180.0})
    sweep.row("a", seeds=3)
    assert header(sweep).endswith("· 3 min")


def test_a_pause_between_two_commands_is_not_counted(sweep):
    for seed, hour in enumerate((12, 20)):
        sweep.run("a", seed, provenance={"time": f"2026-11-20T{hour}:00:00+00:00"}, seconds={"total": 120.0})
    sweep.row("a", seeds=2)
    assert header(sweep).endswith("· 4 min")


def test_runs_without_a_time_are_added_up(sweep):
    for seed in range(2):
        sweep.run("a", seed, provenance={"time": None}, seconds={"total": 20.0})
    sweep.row("a", seeds=2)
    assert header(sweep).endswith("· 40 s")


def test_hours_are_hours(sweep):
    sweep.row("a", [0.9], seconds={"total": 3 * 3600 + 5 * 60})
    assert header(sweep).endswith("· 3 h 5 min")
