"""Runs as rows: order, duplicates, runs without a value, what is compared with what."""

import pytest

from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.report.judge.measured import compared, measured_rows, varying
from mnist_sweeps.report.judge.measured_run import MeasuredRun


def runs(*values, variant="a", **more):
    return [MeasuredRun(variant, str(seed), value, **more) for seed, value in enumerate(values)]


def test_variants_keep_the_order_of_the_runs():
    rows = measured_rows([*runs(0.9, 0.91, variant="b"), *runs(0.8)], "acc")
    assert [(row.name, row.values) for row in rows] == [("b", (0.9, 0.91)), ("a", (0.8,))]


def test_runs_without_a_finite_value_and_at_chance_are_counted():
    (row,) = measured_rows(runs(0.98, None, float("nan"), 0.1), "acc", n_test=1000)
    assert (row.values, row.without_value, row.guessing) == ((0.98,), 2, 1)


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        ([], "no runs with acc"),
        ([*runs(0.9), *runs(0.8)], "variant a, seed 0: there twice"),
        (runs(98.4, n_test=1000), "expected a fraction from 0 to 1"),
    ],
)
def test_what_cannot_be_judged_is_refused(bad, words):
    with pytest.raises(ConfigError, match=words):
        measured_rows(bad, "acc")


def test_rows_are_compared_with_what_the_runs_say_else_with_the_first():
    rows = measured_rows([*runs(1.0), *runs(1.0, variant="b", compared_with="a"), *runs(1.0, variant="c")], "loss")
    assert compared(rows, None) == {"b": "a"}
    assert compared(rows, "c") == {"a": "c", "b": "c"}
    assert compared(measured_rows([*runs(1.0), *runs(1.0, variant="b")], "loss"), None) == {"b": "a"}
    with pytest.raises(ConfigError, match="--baseline d: no such variant; allowed: a, b, c"):
        compared(rows, "d")


def test_a_variant_is_named_by_what_differs():
    assert varying([{"lr": "1", "opt": "a", "seed": "0"}, {"lr": "1", "opt": "b", "seed": "1"}], "seed") == [
        "opt=a", "opt=b",
    ]  # fmt: skip
    assert varying([{"seed": "0"}, {"seed": "1"}], "seed") == ["all", "all"]
