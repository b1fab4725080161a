"""The test behind a claim, by metric."""

import pytest

from mnist_sweeps.config.claim_spec import parse_claim
from mnist_sweeps.report import read
from mnist_sweeps.report.claims.evidence import compared, evidence
from mnist_sweeps.stats import corrected_resampled


def found(sweep, **written):
    rows = {row.name: row for row in read(sweep.save()).rows}
    claim = parse_claim({"says": "so", "row": "wide", **written})
    return evidence(claim, compared(claim, rows), rows)


def test_test_accuracy_is_compared_as_in_the_table(three_rows):
    (row,) = (row for row in read(three_rows.save()).rows if row.name == "wide")
    test = found(three_rows, against="512-256", **{"is": "higher"})
    compared = row.comparison
    assert (test.difference, test.low, test.high, test.p) == (
        compared.difference, compared.low, compared.high, compared.p)  # fmt: skip
    assert test.method == "pooled"


def test_one_run_goes_by_the_noise_law_and_by_nothing_else(sweep):
    sweep.row("base", [0.98])
    sweep.row("wide", [0.99])
    test = found(sweep, against="base", **{"is": "higher"})
    assert test.method == "noise law, single runs"
    assert 0 < test.low < 0.01 < test.high
    other = found(sweep, against="base", metric="test_loss", **{"is": "higher"})
    assert (other.low, other.high, other.p) == (None, None, None)


def test_other_metrics_go_by_welch_and_t(three_rows):
    test = found(three_rows, against="512-256", metric="gap", **{"is": "lower"})
    assert test.method == "Welch"
    assert test.difference == pytest.approx(-0.004)
    value = found(three_rows, metric="gap", value=0.01, **{"is": "at most"})
    assert (value.method, value.difference) == ("t", pytest.approx(0.99 - 0.9885 - 0.01))


def test_runs_that_all_found_nothing_are_certain(sweep):
    sweep.row("wide", [0.4, 0.5], recall=[1.0] * 5 + [0.0] * 5)
    assert found(sweep, metric="recall_5", value=0, **{"is": "at most"}).certain
    sweep.row("base", [0.4, 0.5], recall=[1.0] * 10)
    assert not found(sweep, metric="recall_5", against="base", **{"is": "lower"}).certain


def folds(sweep, name, scores):
    sweep.row(name, seeds=2, folds=3)
    for at, score in enumerate(scores):
        sweep.run(name, at // 3, fold=at % 3, metrics={"fold_accuracy": score})


def test_folds_go_by_the_corrected_test_over_the_pairs_that_both_rows_have(sweep):
    first, second = [0.970, 0.972, 0.971, 0.973, 0.970], [0.974, 0.975, 0.976, 0.977, 0.973, 0.972]
    folds(sweep, "base", first)
    folds(sweep, "wide", second)
    test = found(sweep, against="base", metric="fold_accuracy", **{"is": "higher"})
    gaps = [b - a for a, b in zip(first, second, strict=False)]
    assert (test.low, test.high, test.p) == pytest.approx(corrected_resampled(gaps, 36_667, 18_333))
    assert test.method == "corrected resampled t, paired by seed and fold"


def test_one_fold_shows_nothing(sweep):
    folds(sweep, "base", [0.97])
    folds(sweep, "wide", [0.98])
    assert found(sweep, against="base", metric="fold_accuracy", **{"is": "higher"}).p is None
