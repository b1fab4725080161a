"""report.txt, as a terminal shows it."""

from mnist_sweeps.report import read
from mnist_sweeps.report.tables import text

GOLDEN = """\
small: Which is best?
mnist 60,000 / 10,000 · 7 variants x 1 to 3 seeds · 10 of 16 runs completed · jax, cpu · 11 min
+---------------+--------+--------+---------+-----------------+-----------------+----------------------+----------------+----------------+------+
| Architecture  | Hidden | Epochs |  Params |       Test loss | Test accuracy % | Difference pp (95 %) | Verdict        |       Notebook | Rank |
+---------------+--------+--------+---------+-----------------+-----------------+----------------------+----------------+----------------+------+
| 512-256       |      2 |     20 | 537,354 | 0.0510 ± 0.0010 |    98.45 ± 0.05 |                      |                | 98.44 (0.0533) |    2 |
| wide          |      2 |     20 | 537,354 | 0.0510 ± 0.0010 |    98.85 ± 0.05 | +0.40 [+0.29, +0.51] | higher         | 95.00 (0.0500) |    1 |
| sgd, 5 epochs |      2 |     20 | 537,354 | 0.0510 ± 0.0010 |    97.10 ± 0.10 | -1.35 [-1.55, -1.15] | lower          |                |    4 |
| twin          |      2 |     20 | 537,354 | 0.0510 ± 0.0010 |    98.85 ± 0.05 | +0.40 [+0.29, +0.51] | = wide, higher |                |    1 |
| one seed      |      2 |     20 | 537,354 |          0.0500 |           98.00 | -0.45 [-0.67, -0.23] | one seed       |                |    3 |
| later         |        |        |         |                 |                 |                      | not run yet    |                |      |
| broken        |      2 |        | 537,354 |                 |                 |                      | failed         |                |      |
+---------------+--------+--------+---------+-----------------+-----------------+----------------------+----------------+----------------+------+
Against 512-256, test accuracy is higher with wide (+0.40 pp [+0.29, +0.51]) and lower with sgd, 5 epochs (-1.35 pp [-1.55, -1.15]). One seed
cannot show a difference for one seed.
broken (seed 0) failed: ValueError: no such layer
Differences are against 512-256.
Verdicts are on test accuracy over other seeds, on these test images: p by Holm over 2 comparisons; spread: pooled (Welch: sgd, 5 epochs) (noise
  law, single runs: one seed).
Differences not attributable to one change, as two or more differ: sgd, 5 epochs (optimizer, epochs).
Single seeds: the 95 % band comes from the noise law, sd = sqrt(error / (2 n_test)), not from repetition: one seed 97.80 to 98.20.
One run shows no spread, so there is no verdict on one seed; with about 6 seeds in each row a true difference of 0.2 pp, the margin, would be
  shown in half of all sweeps.
Self-check: the sd over seeds is 0.69 times the noise law sqrt(error / (2 n_test)) (phi 0.48).
Notebook: test accuracy % (loss); 1 of 2 printed values lie in the 95 % prediction interval for a single run; outside: wide (95.00, ours 98.60 to
  99.10).
"""  # noqa: E501


def render(sweep):
    return text.render(read(sweep.save()))


def test_a_small_sweep(three_rows):
    three_rows.plan["reference"] = {
        "columns": ["test_loss", "test_accuracy"],
        "rows": {"512-256": [0.05326, 0.9844], "wide": [0.05, 0.95]},
    }
    three_rows.row("twin", seeds=3, same_as="wide", compared_with="512-256")
    three_rows.row("one seed", [0.98], compared_with="512-256", changes=["activation"])
    three_rows.row("later", seeds=3, compared_with="512-256")
    three_rows.row("broken", seeds=3)
    error = {"type": "ValueError", "message": "no such layer\nmore"}
    three_rows.run("broken", 0, status="failed", error=error)
    assert render(three_rows) == GOLDEN


def test_without_reference_values_there_is_no_notebook_column(three_rows):
    assert "Notebook" not in render(three_rows)


def test_without_a_question_the_title_is_the_name(three_rows):
    three_rows.plan["question"] = None
    assert render(three_rows).startswith("small\n")


def test_rows_of_a_grid_over_dictionaries_are_told_apart(sweep):
    for rate in (0.1, 0.01, 0.001):
        sweep.row(f"optimizer={{name: sgd, learning_rate: {rate}, momentum: 0.9}}", [0.9], folder=str(rate))
    names = [line.split("|")[1].strip() for line in render(sweep).splitlines() if line.startswith("| opt")]
    assert names == [
        "optimizer={na…learning_rate: 0.1, momen…",
        "optimizer={na…learning_rate: 0.01, mome…",
        "optimizer={na…learning_rate: 0.001, mom…",
    ]


def test_long_names_are_cut_in_the_table(sweep):
    sweep.row("x" * 300, [0.9], folder="x")
    (line,) = [line for line in render(sweep).splitlines() if "x" * 39 in line and line.startswith("|")]
    assert line.startswith("| " + "x" * 39 + "… |")


def test_a_name_of_forty_characters_is_whole(sweep):
    sweep.row("y" * 40, [0.9])
    assert "| " + "y" * 40 + " |" in render(sweep)


def test_names_cannot_break_the_table_or_steer_the_terminal(sweep):
    sweep.row("a\nb\x1b[31mred", [0.9], folder="a")
    assert "| a b [31mred  |" in render(sweep)
    assert "\x1b" not in render(sweep)


def test_notes_are_as_wide_as_the_table(sweep):
    for i in range(12):
        sweep.row(f"a row with a long name, number {i}", [0.9], changes=["a", "b"])
    drawn = render(sweep).splitlines()
    assert max(map(len, drawn[2:])) == len(drawn[2])


def test_epochs_of_early_stopping_are_a_mean(sweep):
    sweep.row("a", seeds=2)
    for seed, epochs in enumerate((12, 15)):
        sweep.run("a", seed, metrics={"epochs_run": epochs})
    assert "|   13.5 |" in render(sweep)


def test_a_run_without_metrics_has_blank_cells(sweep):
    sweep.row("a", seeds=1)
    sweep.run("a", 0, metrics=dict.fromkeys(("test_accuracy", "test_loss", "val_accuracy", "epochs_run")))
    assert "| a            |      2 |        | 537,354 |           |                 |" in render(sweep)


def test_folds_have_a_column_where_there_are_folds(three_rows):
    assert "Folds %" not in render(three_rows)
    three_rows.fold_row("folds", [0.97, 0.98])
    assert "| 97.50 ± 0.71 |" in render(three_rows)


def test_a_notebook_printed_the_mean_of_the_folds(sweep):
    sweep.fold_row("a", [0.97, 0.98])
    sweep.plan["reference"] = {"columns": ["fold_accuracy"], "rows": {"a": [0.9741]}}
    assert "|    97.41 |" in render(sweep)
