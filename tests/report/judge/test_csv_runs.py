"""Runs of a CSV file: what counts their images."""

import pytest

from mnist_sweeps.report.judge.csv_runs import runs_of


@pytest.mark.parametrize(
    ("metric", "images"),
    [("test_accuracy", 1000), ("accuracy of theirs", 1000), ("recall_12", None), ("confusion_8_5", None)],
)
def test_the_noise_law_is_not_for_shares_of_one_class(metric: str, images: int | None) -> None:
    line = {"variant": "a", "seed": "0", metric: "0.5", "n_test": "1000"}
    _, (run,) = runs_of([line], metric, "variant", "seed", "runs.csv")
    assert run.n_test == images
