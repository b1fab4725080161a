"""The mean validation accuracy of a variant."""

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
