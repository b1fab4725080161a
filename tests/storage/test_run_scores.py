"""Which run of a variant is the best."""

import math
from pathlib import Path

import pytest

from mnist_sweeps.config.schema import Config
from mnist_sweeps.storage import run_folder
from mnist_sweeps.storage.run_record import RunRecord
from mnist_sweeps.storage.run_scores import best_model, mean_validation_accuracy, score


def leave(variant: Path, seed: int, accuracy: float | None, kept: bool = True) -> Path:
    folder = variant / f"seed-{seed}"
    folder.mkdir()
    if kept:
        (folder / run_folder.MODEL).touch()
    run_folder.publish(folder, RunRecord("completed", seed, digest="d", scores={"val_accuracy": accuracy}), {})
    return folder


def test_a_run_without_validation_scores_0() -> None:
    assert (score(RunRecord("completed", 0)), score(RunRecord("completed", 0, scores={"val_accuracy": 0.5}))) == (
        0,
        0.5,
    )


@pytest.mark.parametrize(
    ("scores", "best"),
    [
        pytest.param([0.5, 0.75, 0.25], "seed-1", id="highest"),
        pytest.param([0.5, 0.75, 0.75], "seed-1", id="the first of equals"),
        pytest.param([None, 0.25], "seed-1", id="one without a score"),
    ],
)
def test_the_best_model_by_validation(tmp_path: Path, scores: list[float | None], best: str) -> None:
    for seed, accuracy in enumerate(scores):
        leave(tmp_path, seed, accuracy)
    leave(tmp_path, 9, 0.99, kept=False)
    assert best_model(tmp_path) == tmp_path / best


def test_without_a_model_none_is_the_best(tmp_path: Path) -> None:
    leave(tmp_path, 0, 0.5, kept=False)
    assert best_model(tmp_path) is None


def test_the_mean_is_over_the_completed_runs(tmp_path: Path) -> None:
    assert math.isnan(mean_validation_accuracy(Config(seeds=2), tmp_path))
    leave(tmp_path, 0, 0.5)
    leave(tmp_path, 1, 0.75)
    assert mean_validation_accuracy(Config(seeds=3), tmp_path) == 0.625
