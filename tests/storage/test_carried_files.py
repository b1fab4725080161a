"""A variant's folder, followed on one machine and published on another."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from mnist_sweeps.storage import run_folder
from mnist_sweeps.storage.carried_files import Changes, ended_files, receive, unpack
from mnist_sweeps.storage.run_record import RunRecord

RECORD = RunRecord("completed", 0, digest="d" * 16, scores={"val_accuracy": 0.5})


def train(folder: Path, record: RunRecord = RECORD) -> None:
    run_folder.append_epoch(folder, 1, {"loss": 0.5, "accuracy": 0.5})
    run_folder.publish(folder, record, {"weights": {"kernel": np.arange(3.0)}})


@pytest.fixture
def changes(tmp_path: Path) -> Changes:
    """Of a variant whose run has just begun on another machine."""
    (tmp_path / "near" / "seed-0").mkdir(parents=True)
    folder = tmp_path / "far" / "seed-0"
    folder.mkdir(parents=True)
    changes = Changes(folder.parent)
    run_folder.begin(folder, RECORD)
    return changes


def test_a_run_is_followed_from_its_beginning_to_its_record(changes: Changes, tmp_path: Path) -> None:
    far, near = changes.variant, tmp_path / "near"
    receive(changes.of_runs(), near, {"seed-0"})
    assert (near / "seed-0" / run_folder.BEGUN).exists()
    assert changes.of_runs() == {}
    train(far / "seed-0")
    (far / "log.txt").write_text("of the job\n")
    receive(changes.of_runs(), near, {"seed-0"})
    assert run_folder.completed(near / "seed-0", RECORD.digest or "")
    assert not (near / "seed-0" / run_folder.BEGUN).exists()
    assert not (near / "log.txt").exists()
    receive(changes.of_all(), near, {"seed-0"})
    assert (near / "log.txt").read_text() == "of the job\n"


def test_a_run_counts_only_when_all_its_files_have_come(
    changes: Changes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    far = changes.variant
    train(far / "seed-0")
    written: list[str] = []
    monkeypatch.setattr("mnist_sweeps.storage.atomic.write", lambda path, _: written.append(path.name))
    receive(ended_files(far), tmp_path / "near", {"seed-0"})
    assert written == ["history.csv", "weights.npz", "run.json"]


def test_files_of_a_run_that_another_command_trains_are_dropped(changes: Changes, tmp_path: Path) -> None:
    far = changes.variant
    train(far / "seed-0")
    receive({**ended_files(far), "model.txt": b"a network"}, tmp_path / "near", set())
    assert [path.name for path in (tmp_path / "near").rglob("*")] == ["seed-0", "model.txt"]


def test_a_run_that_begins_again_leaves_nothing_of_its_last_try(changes: Changes, tmp_path: Path) -> None:
    near = tmp_path / "near"
    receive({"seed-0/.begun.json": b"{}", "seed-0/history.csv": b"epoch\n1\n"}, near, {"seed-0"})
    (near / "seed-0" / "model.keras").write_text("of a killed worker")
    receive(changes.of_runs(), near, {"seed-0"})
    assert sorted(path.name for path in (near / "seed-0").iterdir()) == [run_folder.BEGUN, "history.csv"]


def test_what_is_sent_are_the_runs_that_have_ended(changes: Changes, tmp_path: Path) -> None:
    far = changes.variant
    train(far / "seed-0")
    (far / "seed-1").mkdir()
    run_folder.begin(far / "seed-1", replace(RECORD, seed=1))
    files = ended_files(far)
    assert sorted(files) == ["seed-0/history.csv", "seed-0/run.json", "seed-0/weights.npz"]
    unpack(files, tmp_path / "there")
    assert run_folder.completed(tmp_path / "there" / "seed-0", RECORD.digest or "")
