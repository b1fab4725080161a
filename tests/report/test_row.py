"""A row: which of its runs enter statistics."""

from mnist_sweeps.report import read


def row_of(sweep, name="a"):
    return next(row for row in read(sweep.save()).rows if row.name == name)


def test_a_run_at_chance_beside_runs_that_learned_enters_no_mean(sweep):
    sweep.row("a", [0.98, 0.098, 0.982])
    row = row_of(sweep)
    assert [run.seed for run in row.at_chance] == [1]
    assert (row.accuracies, row.accuracy.n) == ((0.98, 0.982), 2)
    assert len(row.metric("test_loss")) == 2
    assert (row.status, len(row.completed)) == ("completed", 3)  # it is no failure, and is not trained again


def test_a_row_in_which_no_run_learned_keeps_all(sweep):
    sweep.row("a", [0.098, 0.1135, 0.10])
    assert (row_of(sweep).at_chance, len(row_of(sweep).accuracies)) == ([], 3)


def test_a_row_left_with_one_run_is_a_row_of_one_seed(sweep):
    sweep.row("base", [0.98, 0.981, 0.982])
    sweep.row("a", [0.95, 0.098], compared_with="base")
    assert row_of(sweep).verdict == "one seed"
