from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from tests.published import RECORD, published

from mnist_sweeps.config.schema import Config, RunKey
from mnist_sweeps.storage import lost_runs, run_digest, run_folder, variant_folder
from mnist_sweeps.storage.run_lock import lock_run
from mnist_sweeps.storage.run_record import RunRecord

Make = Callable[..., Config]


def test_record_killed_says_how_a_run_ended_that_nobody_holds(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    begun, held, done = (tmp_path / f"seed-{seed}" for seed in range(3))
    for folder in (begun, held):
        folder.mkdir()
        run_folder.begin(folder, replace(RECORD, status="failed"))
    published(done)
    with lock_run(held):
        lost_runs.record_killed(tmp_path, "killed", "the worker died: signal 9")
        assert run_folder.read(held) is None
    record = run_folder.read(begun)
    assert record is not None
    assert (record.status, record.seed, record.error) == ("killed", 3, "Killed: the worker died: signal 9")
    assert run_folder.run_state(done) == "completed"
    assert "seed-1: not recorded as killed" in capsys.readouterr().err


def test_record_killed_leaves_a_run_whose_worker_died_right_after_publishing(tmp_path: Path) -> None:
    done, begun = published(tmp_path / "seed-0"), tmp_path / "seed-1"
    (done / run_folder.BEGUN).touch()
    begun.mkdir()
    run_folder.begin(begun, replace(RECORD, status="failed"))
    lost_runs.record_killed(tmp_path, "killed", "by signal 9")
    assert [run_folder.run_state(folder) for folder in (done, begun)] == ["completed", "killed"]
    assert variant_folder.begun_notes(tmp_path) == []


def test_a_lost_job_leaves_a_record_of_each_run_that_it_had_not_begun(configured: Make, tmp_path: Path) -> None:
    config = configured({"seeds": 3})
    published(run_folder.folder_of(tmp_path, RunKey(0)), digest=run_digest.digest(config, RunKey(0)))
    begun = run_folder.folder_of(tmp_path, RunKey(1))
    begun.mkdir()
    run_folder.begin(begun, RunRecord("failed", 1))
    lost_runs.record_lost(tmp_path, config, {"sweep": "mine", "variant": "plain"}, "killed", "by signal 9")
    assert run_folder.completed(run_folder.folder_of(tmp_path, RunKey(0)), run_digest.digest(config, RunKey(0)))
    assert run_folder.read(run_folder.folder_of(tmp_path, RunKey(1))) is None  # begun: `record_killed` speaks of it
    record = run_folder.read(run_folder.folder_of(tmp_path, RunKey(2)))
    assert record is not None
    assert (record.status, record.sweep, record.variant, record.seed) == ("killed", "mine", "plain", 2)
    assert record.error == "Killed: by signal 9"


def test_a_lost_job_may_have_no_folder_an_empty_one_or_a_run_that_failed(configured: Make, tmp_path: Path) -> None:
    config, names = configured({"seeds": 3}), {"sweep": "mine", "variant": "plain"}
    variant = tmp_path / "mine" / "plain"
    lost_runs.record_lost(variant, configured({"seeds": 1}), names, "failed", "of itself")
    run_folder.folder_of(variant, RunKey(1)).mkdir()
    lost_runs.record_lost(variant, config, names, "killed", "by signal 9")
    records = variant_folder.read_all(variant)
    assert list(records) == [run_folder.folder_of(variant, run) for run in config.runs]
    assert [record.status for record in records.values()] == ["failed", "killed", "killed"]


def test_a_lost_job_with_folds_leaves_a_record_of_each_fold(configured: Make, tmp_path: Path) -> None:
    config = configured({"data.folds": 2})
    lost_runs.record_lost(tmp_path, config, {"sweep": "mine", "variant": "plain"}, "killed", "by signal 9")
    records = [run_folder.read(run_folder.folder_of(tmp_path, run)) for run in config.runs]
    assert [record and record.fold for record in records] == [0, 1]
