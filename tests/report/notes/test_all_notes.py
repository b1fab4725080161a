"""The sentences below the table."""

import pytest

from mnist_sweeps.report import read


def notes(sweep):
    return "\n".join(read(sweep.save()).notes)


def test_a_row_that_changes_two_things_is_marked(three_rows):
    assert "not attributable to one change, as two or more differ: sgd, 5 epochs (optimizer, epochs)." in notes(
        three_rows
    )


def test_rows_that_change_one_thing_are_not_marked(sweep):
    sweep.row("a", [0.9, 0.91], changes=["optimizer"])
    assert "attributable" not in notes(sweep)


def test_the_row_of_comparison_is_named(three_rows):
    assert "Differences are against 512-256.\n" in notes(three_rows)


def test_rows_with_a_comparison_of_their_own_are_named(three_rows):
    three_rows.row("deep", [0.98, 0.981, 0.982], compared_with="wide")
    assert "Differences are against 512-256; deep against wide.\n" in notes(three_rows)


def test_the_number_of_comparisons_is_said_and_equal_rows_are_not_counted(three_rows):
    three_rows.row("twin", seeds=3, same_as="wide", compared_with="512-256")
    assert "p by Holm over 2 comparisons" in notes(three_rows)


def test_a_baseline_without_runs_is_named(sweep):
    sweep.row("base", seeds=2)
    sweep.row("a", [0.9, 0.91], compared_with="base")
    assert "No completed run to compare with yet: base." in notes(sweep)


def test_the_band_of_single_seeds_is_explained(sweep):
    sweep.row("a", [0.98])
    assert "Single seeds: the 95 % band comes from the noise law" in notes(sweep)
    assert "a 97.80 to 98.20." in notes(sweep)


def test_single_runs_have_no_verdict_and_the_seeds_that_would_give_one_are_said(sweep):
    sweep.row("base", [0.984, 0.985])
    sweep.row("a", [0.984], compared_with="base")
    assert (
        "One run shows no spread, so there is no verdict on a; with about 4 seeds in each row a true difference of "
        "0.2 pp, the margin, would be shown in half of all sweeps."
    ) in notes(sweep)
    sweep.plan["margin"] = 0.001
    assert "with more than 1,000 seeds in each row" in notes(sweep)


def test_single_runs_are_not_counted_among_the_tests(three_rows):
    three_rows.row("one seed", [0.98], compared_with="512-256")
    assert "p by Holm over 2 comparisons; spread: " in notes(three_rows)


def test_equal_pairs_under_other_names_are_one_test(sweep):
    sweep.row("a", [0.98, 0.981, 0.982])
    sweep.row("b", [0.99, 0.991, 0.992], compared_with="a")
    sweep.row("a again", seeds=3, same_as="a")
    sweep.row("b again", seeds=3, same_as="b", compared_with="a again")
    assert "p of 1 comparison, which needs no adjustment" in notes(sweep)


def test_runs_at_chance_are_named_apart(sweep):
    sweep.row("a", [0.98, 0.098, 0.981])
    found = notes(sweep)
    assert (
        "At chance, though other runs of the row learned, and left out of means and verdicts: a (seed 1: 9.80 %)."
        in found
    )
    assert "may be too high: a (1 of 3 at chance)." in found
    sweep.row("dead", [0.098, 0.098, 0.1])
    assert "dead" not in notes(sweep)


def test_repeated_seeds_need_no_law(three_rows):
    assert "Single seeds" not in notes(three_rows)


def test_folds_are_called_dependent(sweep):
    sweep.fold_row("a", [0.9, 0.91])
    assert "Folds share training images, so their runs are not independent: Folds % is compared" in notes(sweep)
    assert "Self-check" not in notes(sweep)  # the noise law is of seeds alone


def test_the_test_of_folds_is_named(sweep):
    sweep.fold_row("a", [0.9, 0.91, 0.92])
    sweep.fold_row("b", [0.95, 0.961, 0.969], compared_with="a")
    assert (
        "Verdicts are on Folds % over other seeds: p of 1 comparison, which needs no adjustment; spread: "
        "corrected resampled t, paired by seed and fold." in notes(sweep)
    )


def test_what_a_notebook_printed_of_folds_is_a_mean(sweep):
    sweep.fold_row("a", [0.970, 0.972, 0.974], [0.971, 0.972, 0.973])
    sweep.plan["reference"] = {"columns": ["fold_accuracy"], "rows": {"a": [0.9]}}
    found = notes(sweep)
    assert "Notebook: the mean of Folds %; 0 of 1 printed values lie in the 95 % prediction interval" in found
    assert "for the folds of one seed; outside: a (90.00, ours 9" in found


def test_validation_on_the_fold_is_said(sweep):
    sweep.fold_row("a", [0.9, 0.91])
    assert "flatters" not in notes(sweep)
    for run in sweep.folder.glob("a/seed-*/run.json"):
        run.write_text(run.read_text().replace("held out", "fold"))
    assert "Validated on the fold left out: " in notes(sweep)


def test_folds_beside_no_folds_are_not_ranked_alike(sweep):
    sweep.fold_row("a", [0.9, 0.91])
    sweep.row("b", [0.9])
    assert "Ranks mix rows scored on folds with rows scored on their validation." in notes(sweep)


def test_the_self_check_is_printed(sweep):
    sweep.row("a", [0.980, 0.981, 0.982])
    # variance 1e-6 over a law of 0.019 / 20,000 = 0.95e-6
    check = "Self-check: the sd over seeds is 1.03 times the noise law sqrt(error / (2 n_test)) (phi 1.05)."
    assert check in notes(sweep)


def test_seeds_that_change_nothing_are_suspected(sweep):
    sweep.row("a", [0.98, 0.98, 0.98], metrics={"test_loss": 0.05})
    assert "near 0: is the seed applied?" in notes(sweep)
    assert "Identical to the last digit over seeds (the seed is not applied): a." in notes(sweep)


def test_equal_accuracies_with_different_losses_are_chance(sweep):
    sweep.row("a", [0.98, 0.98])
    assert "Identical" not in notes(sweep)


def test_unstable_training_is_named(sweep):
    sweep.row("wild", [0.98, 0.90, 0.95])
    sweep.row("calm", [0.98, 0.981, 0.982])
    assert "above 2: unstable training." in notes(sweep)
    assert "Unstable training: wild (" in notes(sweep) and "calm (" not in notes(sweep)


def test_notebook_values_outside_the_prediction_interval_are_named(three_rows):
    values = {"512-256": [0.05, 0.9844], "wide": [0.05, 0.95], "nowhere": [0.1, 0.9]}
    three_rows.plan["reference"] = {"columns": ["test_loss", "test_accuracy"], "rows": values}
    found = notes(three_rows)
    assert "1 of 2 printed values lie in the 95 % prediction interval" in found
    assert "outside: wide (95.00, ours 98." in found


def test_failed_runs_give_their_reason_once(sweep):
    sweep.row("a", seeds=3)
    for seed in range(2):
        sweep.run("a", seed, status="failed", error={"type": "ValueError", "message": "no such layer\nmore"})
    sweep.run("a", 2, status="timed_out")
    assert notes(sweep).splitlines()[:2] == [
        "a (seed 0; seed 1) failed: ValueError: no such layer",
        "a (seed 2) timed out.",
    ]


def test_a_mean_without_its_diverged_runs_is_called_flattering(sweep):
    sweep.row("a", [0.9, 0.91], seeds=3)
    sweep.run("a", 2, status="diverged")
    assert "may be too high: a (1 of 3 diverged)." in notes(sweep)


def test_a_sweep_that_failed_as_a_whole_has_a_short_report(sweep):
    for i in range(50):
        sweep.row(f"row {i}", seeds=1)
        sweep.run(f"row {i}", 0, status="failed", error={"type": "ValueError", "message": f"no {i}"})
    assert "... and 30 reasons more." in notes(sweep)
    assert "row 49" not in notes(sweep)


def test_broken_unfinished_and_stray_folders_are_named(sweep):
    sweep.row("a", [0.9], seeds=3)
    (sweep.run("a", 1) / "run.json").write_text("{")
    (sweep.run("a", 2) / "run.json").unlink()
    sweep.run("a", 8)
    found = notes(sweep)
    assert "Not readable: a/seed-1/run.json (cut short or not JSON)." in found
    assert "No run.json (still running, or killed): a/seed-2." in found
    assert "Ignored, since the sweep does not have these seeds or folds: a/seed-8." in found


def test_validation_on_the_test_set_is_said(sweep):
    sweep.row("a", [0.9], data={"test": 100, "validation_is": "test", "description": "d"})
    assert "Validated on the test set: " in notes(sweep)


def test_no_validation_is_said(sweep):
    sweep.row("a", [0.9], data={"test": 100, "validation_is": "none", "description": "d"})
    assert "No rank: there are no validation images" in notes(sweep)


def test_mixed_validation_names_the_rows(sweep):
    sweep.row("a", [0.9], data={"test": 100, "validation_is": "test", "description": "d"})
    sweep.row("b", [0.9], data={"test": 100, "validation_is": "held out", "description": "d"})
    assert "Validated on the test set (a): " in notes(sweep)
    assert "Ranks mix rows" in notes(sweep)


def test_rows_on_different_data_are_listed(sweep):
    sweep.row("a", [0.9])
    other = {"test": 1_000, "validation_is": "held out", "description": "mnist5k 4,000 / 1,000"}
    sweep.row("b", [0.9], data=other)
    assert "Data: mnist 60,000 / 10,000: a.\nData: mnist5k 4,000 / 1,000: b." in notes(sweep)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"git": {"commit": "ffffffffff"}}, "Mixed code: 1a2b3c4 (2 runs); fffffff (1 run: b)."),
        ({"git": {"commit": "1a2b3c4d5e", "dirty": True}}, "1a2b3c4 with uncommitted changes (1 run: b)."),
        ({"versions": {"keras": "3.14.0"}}, "Mixed Keras: 3.15.1 (2 runs); 3.14.0 (1 run: b)."),
        ({"engine": "fit"}, "Mixed engine: compiled (2 runs); fit (1 run: b)."),
        ({"backend": "tensorflow"}, "Mixed backend: jax (2 runs); tensorflow (1 run: b)."),
        ({"threads": 1}, "Mixed threads: 2 (2 runs); 1 (1 run: b)."),
    ],
)
def test_mixed_provenance_is_flagged(sweep, changed, said):
    sweep.row("a", [0.9, 0.91])
    sweep.row("b", [0.9], provenance=changed)
    assert said in notes(sweep)
    assert notes(sweep).count("Mixed") == 1


def test_equal_provenance_is_not_flagged(three_rows):
    assert "Mixed" not in notes(three_rows)


def test_long_lists_end_in_a_count(sweep):
    for i in range(20):
        sweep.row(f"row {i}", [0.9], changes=["a", "b"])
    assert "row 11 (a, b) and 8 more." in notes(sweep)
