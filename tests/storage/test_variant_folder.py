import os
from collections.abc import Callable
from pathlib import Path

from tests.published import published

from mnist_sweeps.config.schema import Config, RunKey
from mnist_sweeps.storage import run_digest, run_folder, variant_folder

Make = Callable[..., Config]


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


def test_a_variant_is_drawn_where_its_last_picture_is_newer_than_each_completed_run(tmp_path: Path) -> None:
    picture = tmp_path / variant_folder.LAST_PICTURE
    assert variant_folder.is_drawn(tmp_path)  # no run: nothing to draw
    published(tmp_path / "seed-0", status="failed")
    assert variant_folder.is_drawn(tmp_path)
    record = published(tmp_path / "seed-1") / "run.json"
    assert not variant_folder.is_drawn(tmp_path)
    picture.parent.mkdir()
    picture.touch()
    os.utime(record, ns=(1_000, 1_000))
    os.utime(picture, ns=(2_000, 2_000))
    os.utime(tmp_path / "seed-0" / "run.json", ns=(3_000, 3_000))
    assert variant_folder.is_drawn(tmp_path)
    os.utime(record, ns=(3_000, 3_000))  # trained again
    assert not variant_folder.is_drawn(tmp_path)
