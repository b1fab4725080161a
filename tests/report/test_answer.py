"""The answer in one or two sentences."""

from mnist_sweeps.report import read

NEAR = [0.9840, 0.9850, 0.9845]


def answer(sweep):
    return read(sweep.save()).answer


def test_what_differs_is_named_with_its_interval(three_rows):
    assert answer(three_rows) == (
        "Against 512-256, test accuracy is higher with wide (+0.40 pp [+0.29, +0.51]) "
        "and lower with sgd, 5 epochs (-1.35 pp [-1.55, -1.15])."
    )


def test_what_makes_no_difference_is_a_sentence_of_its_own(sweep):
    sweep.row("plain", [*NEAR, *NEAR])
    sweep.row("alike", [*NEAR, *NEAR], compared_with="plain")
    sweep.row("unsure", [0.9835, 0.9870, 0.9862], compared_with="plain")
    sweep.row("one", [0.9], compared_with="plain")
    sweep.row("worse", [0.95, 0.951, 0.952], compared_with="plain")
    assert answer(sweep) == (
        "Against plain, test accuracy is lower with worse (-3.35 pp [-3.57, -3.13]). "
        "The test accuracy of alike is the same within 0.2 pp. 3 runs cannot show a difference for unsure. "
        "One seed cannot show a difference for one."
    )


def test_without_any_difference_the_baseline_is_named_all_the_same(sweep):
    sweep.row("plain", NEAR)
    sweep.row("alike", [0.9841, 0.9849, 0.9846], compared_with="plain")
    assert answer(sweep) == "Against plain, the test accuracy of alike is the same within 0.2 pp."


def test_rows_that_are_compared_with_others_have_a_sentence_of_their_own(three_rows):
    three_rows.row("wider", [0.9930, 0.9932, 0.9934], compared_with="wide")
    assert answer(three_rows).endswith("Against wide, test accuracy is higher with wider (+0.47 pp [+0.37, +0.57]).")


def test_many_rows_are_counted(sweep):
    sweep.row("plain", NEAR)
    for number in range(9):
        sweep.row(f"row {number}", [0.90, 0.901, 0.902], compared_with="plain")
    assert "row 3 (-8.35 pp" in answer(sweep)
    assert answer(sweep).endswith("and 5 more.")


def test_a_single_training_is_its_accuracy(sweep):
    sweep.row("mine", NEAR)
    assert answer(sweep) == "mine: test accuracy 98.45 ± 0.05 %."


def test_rows_without_comparisons_are_answered_by_the_best_of_validation(sweep):
    sweep.row("a", [0.97])
    sweep.row("b", [0.98])
    assert answer(sweep) == "Best of 2 variants by validation: b (validation accuracy 97.00 %, test accuracy 98.00 %)."


def test_without_runs_there_is_no_answer(sweep):
    sweep.row("a", seeds=3)
    assert answer(sweep) == ""
