from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from mnist_sweeps.config.schema import Config, RunKey
from mnist_sweeps.storage import run_digest, run_folder, variant_folder
from mnist_sweeps.storage.run_record import RunRecord

Make = Callable[..., Config]
RECORD = RunRecord("completed", 3, digest="d" * 16, scores={"val_accuracy": 0.5})


def published(folder: Path, **changed: Any) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    run_folder.publish(folder, replace(RECORD, **changed), {})
    return folder


def test_unfinished_are_the_runs_that_are_missing_failed_or_of_other_settings(configured: Make, tmp_path: Path) -> None:
    config = configured({"seeds": 4})
    published(tmp_path / "seed-0", digest=run_digest.digest(config, RunKey(0)))
    published(tmp_path / "seed-1", digest=run_digest.digest(config, RunKey(1)), status="failed")
    published(tmp_path / "seed-2", digest=run_digest.digest(configured({"training.epochs": 3}), RunKey(2)))
    assert variant_folder.unfinished(config, tmp_path) == [RunKey(1), RunKey(2), RunKey(3)]


def test_a_variant_is_complete_with_its_last_run(configured: Make, tmp_path: Path) -> None:
    config = configured()
    assert not variant_folder.is_complete(config, tmp_path)
    published(run_folder.folder_of(tmp_path, RunKey(0)), digest=run_digest.digest(config, RunKey(0)))
    assert variant_folder.is_complete(config, tmp_path)
    assert not variant_folder.is_complete(configured({"seeds": 2}), tmp_path)


def test_unfinished_folds_are_of_their_own(configured: Make, tmp_path: Path) -> None:
    config = configured({"seeds": 2, "data.folds": 2})
    published(tmp_path / "seed-1-fold-0", digest=run_digest.digest(config, RunKey(1, 0)))
    published(
        tmp_path / "seed-0", digest=run_digest.digest(configured({"seeds": 2}), RunKey(0))
    )  # before there were folds
    assert variant_folder.unfinished(config, tmp_path) == [RunKey(0, 0), RunKey(0, 1), RunKey(1, 1)]
