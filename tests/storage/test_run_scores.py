"""Which run of a variant is best, and their mean validation accuracy."""

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mnist_sweeps.config.schema import Config
from mnist_sweeps.storage import run_folder, run_scores
from mnist_sweeps.storage.run_record import RunRecord

Make = Callable[..., Config]


def publish(folder: Path, status: str = "completed", **scores: float | None) -> None:
    folder.mkdir()
    run_folder.publish(folder, RunRecord(status, 0, digest="d", scores=scores), {})


def test_the_mean_over_folds_is_of_what_they_left_out(configured: Make, tmp_path: Path) -> None:
    for fold, score in enumerate((0.5, 0.75)):
        publish(tmp_path / f"seed-0-fold-{fold}", val_accuracy=0.1, fold_accuracy=score)
    assert run_scores.mean_validation_accuracy(configured({"data.folds": 2}), tmp_path) == 0.625


@pytest.mark.parametrize(
    ("scores", "mean"),
    [
        pytest.param([0.5, 0.75], 0.625, id="all"),
        pytest.param([0.5, None, "failed"], math.nan, id="nothing held out"),
        pytest.param([0.5, "failed"], 0.5, id="completed only"),
        pytest.param([], math.nan, id="none"),
    ],
)
def test_mean_validation_accuracy(configured: Make, tmp_path: Path, scores: list[Any], mean: float) -> None:
    for seed, score in enumerate(scores):
        if score == "failed":
            publish(tmp_path / f"seed-{seed}", "failed")
        else:
            publish(tmp_path / f"seed-{seed}", val_accuracy=score)
    publish(tmp_path / "seed-9", val_accuracy=0.0)  # not among the config's seeds
    assert run_scores.mean_validation_accuracy(configured({"seeds": 3}), tmp_path) == pytest.approx(mean, nan_ok=True)


def test_a_run_without_validation_scores_0() -> None:
    scores = [run_scores.score(RunRecord("completed", 0, scores=known)) for known in ({}, {"val_accuracy": 0.5})]
    assert scores == [0, 0.5]


@pytest.mark.parametrize(
    ("scores", "best"),
    [
        pytest.param([0.5, 0.75, 0.25], "seed-1", id="highest"),
        pytest.param([0.5, 0.75, 0.75], "seed-1", id="the first of equals"),
        pytest.param([None, 0.25], "seed-1", id="one without a score"),
        pytest.param([], None, id="no model"),
    ],
)
def test_the_best_model_by_validation(tmp_path: Path, scores: list[float | None], best: str | None) -> None:
    for seed, score in enumerate(scores):
        publish(tmp_path / f"seed-{seed}", val_accuracy=score)
        (tmp_path / f"seed-{seed}" / run_folder.MODEL).touch()
    publish(tmp_path / "seed-9", val_accuracy=0.99)  # its model is not kept
    assert run_scores.best_model(tmp_path) == (None if best is None else tmp_path / best)
