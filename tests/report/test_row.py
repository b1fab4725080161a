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


def test_chance_is_the_share_of_the_largest_class_of_the_sweep_s_own_test_labels(sweep):
    counts = {"train": 1000, "test": 1000, "classes": ["cat", "dog"], "largest_class": 600}
    sweep.row("a", [0.93, 0.61, 0.60], data=counts)
    assert row_of(sweep).chance == 0.6
    assert [run.seed for run in row_of(sweep).at_chance] == [1, 2]


def test_of_an_older_run_the_number_of_classes_tells_it(sweep):
    sweep.row("a", [0.93, 0.51], data={"train": 1000, "test": 1000, "classes": ["cat", "dog"]})
    sweep.row("b", [0.93, 0.51])
    assert (row_of(sweep).chance, row_of(sweep, "b").chance) == (0.5, 0.1135)
    assert [run.seed for run in row_of(sweep).at_chance] == [1]


def test_a_row_left_with_one_run_is_a_row_of_one_seed(sweep):
    sweep.row("base", [0.98, 0.981, 0.982])
    sweep.row("a", [0.95, 0.098], compared_with="base")
    assert row_of(sweep).verdict == "one seed"
