"""Rows from folders: status, statistics, verdicts, ranks."""

import subprocess
import sys

import pytest

from mnist_sweeps.report import read
from mnist_sweeps.stats import corrected_resampled, prediction_interval


def rows(sweep):
    return {row.name: row for row in read(sweep.save()).rows}


def test_a_finished_sweep(three_rows):
    found = rows(three_rows)
    assert list(found) == ["512-256", "wide", "sgd, 5 epochs"]
    assert {row.status for row in found.values()} == {"completed"}
    assert found["512-256"].accuracy.mean == pytest.approx(0.9845)
    assert found["512-256"].accuracy.sd == pytest.approx(0.0005)
    # t(0.975, 2 degrees of freedom) = 4.3027
    assert found["512-256"].accuracy.high - 0.9845 == pytest.approx(4.3027 * 0.0005 / 3**0.5, rel=1e-3)
    assert (found["wide"].hidden, found["wide"].parameters, found["wide"].seconds) == (2, 537_354, 60)


def test_verdicts_are_against_the_compared_row(three_rows):
    found = rows(three_rows)
    assert found["512-256"].comparison is None
    assert found["wide"].comparison.difference == pytest.approx(0.004)
    assert (found["wide"].verdict, found["sgd, 5 epochs"].verdict) == ("higher", "lower")


def test_rank_is_by_validation_and_not_by_test(sweep):
    sweep.row("best on test", [0.99, 0.99], metrics={"val_accuracy": 0.5})
    sweep.row("best on validation", [0.98, 0.98], metrics={"val_accuracy": 0.6})
    assert [row.rank for row in rows(sweep).values()] == [2, 1]


def test_rows_of_equal_validation_share_a_rank(sweep):
    for name, score in (("a", 0.6), ("b", 0.6), ("c", 0.5)):
        sweep.row(name, [0.9], metrics={"val_accuracy": score})
    assert [row.rank for row in rows(sweep).values()] == [1, 1, 3]


def test_without_validation_there_is_no_rank(sweep):
    sweep.row("a", [0.9], data={"test": 100, "validation_is": "none", "description": "d"})
    assert rows(sweep)["a"].rank is None


@pytest.mark.parametrize(
    ("ends", "status"),
    [
        ([], "not run yet"),
        (["completed", "completed", "completed"], "completed"),
        (["completed", "diverged"], "partly (1 of 3)"),
        (["failed", "failed", "failed"], "failed"),
        (["diverged", "diverged"], "diverged"),
        (["timed_out"], "timed_out"),
        (["killed", "interrupted"], "failed"),
    ],
)
def test_status(sweep, ends, status):
    sweep.row("a", seeds=3)
    for seed, end in enumerate(ends):
        sweep.run("a", seed, status=end)
    assert rows(sweep)["a"].status == status


def test_a_row_that_was_only_begun_is_unfinished(sweep):
    sweep.row("a", seeds=1)
    (sweep.run("a", 0) / "run.json").unlink()
    assert rows(sweep)["a"].status == "unfinished"


def test_a_row_with_broken_files_alone_is_unreadable(sweep):
    sweep.row("a", seeds=1)
    (sweep.run("a", 0) / "run.json").write_text("{")
    assert rows(sweep)["a"].status == "unreadable"


def test_a_broken_run_leaves_the_other_rows_as_they_are(three_rows):
    before = rows(three_rows)["wide"]
    (three_rows.folder / "sgd, 5 epochs" / "seed-1" / "run.json").write_text("{")
    after = rows(three_rows)
    assert after["sgd, 5 epochs"].status == "partly (2 of 3)"
    assert after["wide"].accuracy == before.accuracy


def test_only_completed_runs_count(sweep):
    sweep.row("a", [0.9, 0.92], seeds=3)
    sweep.run("a", 2, 0.1, status="diverged")
    assert rows(sweep)["a"].accuracies == (0.9, 0.92)


def test_seeds_outside_the_plan_do_not_count(sweep):
    sweep.row("a", [0.9, 0.92])
    sweep.run("a", 7, 0.1)
    assert rows(sweep)["a"].accuracies == (0.9, 0.92)
    assert rows(sweep)["a"].status == "completed"


def test_each_fold_is_a_planned_run(sweep):
    sweep.row("a", seeds=2, folds=4)
    for fold in range(4):
        sweep.run("a", 0, fold=fold)
    sweep.run("a", 1, fold=7)
    sweep.run("a", 1)
    found = rows(sweep)["a"]
    assert found.status == "partly (4 of 8)"
    assert found.runs.strays == ("seed-1", "seed-1-fold-7")


def test_rank_is_by_the_folds_where_there_are_folds(sweep):
    sweep.fold_row("better on its folds", [0.97, 0.98])
    sweep.fold_row("better on validation and test", [0.95, 0.96])
    for run in (sweep.folder / "better on validation and test").glob("*/run.json"):
        run.write_text(run.read_text().replace('"val_accuracy": 0.', '"val_accuracy": 0.99'))
    assert [row.rank for row in rows(sweep).values()] == [1, 2]


def test_rows_are_shown_by_rank_where_the_plan_says_so(sweep):
    sweep.plan["order"] = "rank"
    sweep.row("later", seeds=1)
    for name, score in (("worse", 0.5), ("best", 0.7), ("better", 0.6)):
        sweep.row(name, [0.9], metrics={"val_accuracy": score})
    assert list(rows(sweep)) == ["best", "better", "worse", "later"]


def test_folds_are_compared_pair_by_pair(sweep):
    sweep.fold_row("base", [0.950, 0.960, 0.970], [0.952, 0.961, 0.971])
    sweep.fold_row("a", [0.960, 0.971, 0.980], [0.962, 0.971, 0.982], compared_with="base")
    found = rows(sweep)["a"].comparison
    gaps = [0.010, 0.011, 0.010, 0.010, 0.010, 0.011]
    low, high, p = corrected_resampled(gaps, n_train=36_667, n_test=18_333)
    assert (found.difference, found.low, found.high, found.p) == pytest.approx((sum(gaps) / 6, low, high, p))
    assert found.verdict == "higher"  # the rows' own spread, 0.9 pp over the folds, would hide it


def test_folds_that_the_other_row_does_not_have_yet_are_left_out(sweep):
    sweep.fold_row("base", [0.950, 0.960, 0.970])
    sweep.fold_row("a", [0.960, 0.970, 0.980], compared_with="base")
    (sweep.folder / "base" / "seed-0-fold-2" / "run.json").unlink()
    assert rows(sweep)["a"].comparison.difference == pytest.approx(0.01)
    (sweep.folder / "base" / "seed-0-fold-1" / "run.json").unlink()
    assert rows(sweep)["a"].comparison is None


def test_folds_against_no_folds_are_compared_by_test_accuracy(sweep):
    sweep.row("base", [0.93, 0.94])
    sweep.fold_row("a", [0.97, 0.98], compared_with="base")
    assert rows(sweep)["a"].comparison.difference == pytest.approx(0.975 - 0.02 - 0.935)


def test_the_interval_of_a_printed_mean_over_folds_is_of_seeds_means(sweep):
    sweep.fold_row("a", [0.95, 0.97], [0.952, 0.972], [0.951, 0.973])
    low, high = prediction_interval([0.96, 0.962, 0.962], 2 * 18_333)
    sweep.fold_row("one seed", [0.95, 0.97])
    found = rows(sweep)
    assert found["a"].predicted == pytest.approx((low, high))
    assert found["one seed"].predicted is None


def test_the_band_of_a_single_seed_comes_from_the_noise_law(sweep):
    sweep.row("a", [0.98])
    accuracy = rows(sweep)["a"].accuracy
    law = (0.02 / (2 * 10_000)) ** 0.5
    assert accuracy.sd is None
    assert (accuracy.low, accuracy.high) == pytest.approx((0.98 - 1.96 * law, 0.98 + 1.96 * law), abs=1e-6)


def test_intervals_stay_inside_0_and_1(sweep):
    sweep.row("a", [1.0, 0.97, 0.99])
    row = rows(sweep)["a"]
    assert row.accuracy.high == 1.0
    assert row.predicted[1] == 1.0


def test_an_equal_row_shows_the_numbers_of_the_row_that_was_trained(three_rows):
    three_rows.row("twin", seeds=3, same_as="wide", compared_with="512-256")
    found = rows(three_rows)
    assert found["twin"].same_as == "wide"
    assert found["twin"].accuracies == found["wide"].accuracies
    assert found["twin"].comparison == found["wide"].comparison
    assert found["twin"].rank == found["wide"].rank == 1
    assert found["twin"].verdict == "= wide, higher"


def test_an_equal_row_adds_no_comparison_to_the_adjustment(three_rows):
    before = rows(three_rows)["sgd, 5 epochs"].comparison
    three_rows.row("twin", seeds=3, same_as="wide", compared_with="512-256")
    assert rows(three_rows)["sgd, 5 epochs"].comparison == before


def test_an_equal_row_with_another_comparison_has_its_own(three_rows):
    three_rows.row("twin", seeds=3, same_as="wide", compared_with="sgd, 5 epochs")
    found = rows(three_rows)
    assert found["twin"].comparison.difference == pytest.approx(0.0175)
    assert found["wide"].comparison.difference == pytest.approx(0.004)
    assert found["twin"].verdict == "= wide, higher"


def test_a_row_compared_with_an_equal_row_is_compared_with_what_was_trained(three_rows):
    three_rows.row("twin", seeds=3, same_as="512-256")
    three_rows.row("deep", [0.9845, 0.9855, 0.985], compared_with="twin")
    assert rows(three_rows)["deep"].comparison.difference == pytest.approx(0.0005)


def test_a_row_that_equals_its_own_comparison_has_none(three_rows):
    three_rows.row("twin", seeds=3, same_as="512-256", compared_with="512-256")
    assert rows(three_rows)["twin"].comparison is None


def test_nothing_is_compared_before_both_sides_ran(sweep):
    sweep.row("base", seeds=2)
    sweep.row("a", [0.9, 0.91], compared_with="base")
    assert rows(sweep)["a"].comparison is None


def test_reading_imports_no_backend_and_no_pandas(three_rows):
    code = (
        "import sys, pathlib; from mnist_sweeps.report import read; from mnist_sweeps.report.tables import text\n"
        "text.render(read(pathlib.Path(sys.argv[1])))\n"
        "heavy = 'tensorflow', 'jax', 'keras', 'pandas', 'matplotlib', 'sklearn'\n"
        "print([name for name in heavy if name in sys.modules])"
    )
    command = [sys.executable, "-c", code, three_rows.save()]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "[]\n"
