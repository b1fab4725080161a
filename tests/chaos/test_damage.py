"""Files that a finished run has lost, or that hold something else: that run is trained again, and no other."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from tests.chaos.commands import Here

from mnist_sweeps.storage import run_folder
from mnist_sweeps.storage.run_lock import lock_run
from mnist_sweeps.storage.run_record import RunRecord

Damage = Callable[[Path], object]

DAMAGES: dict[str, Damage] = {
    "truncated": lambda path: path.write_bytes(path.read_bytes()[:-7]),
    "empty": lambda path: path.write_bytes(b""),
    "garbage": lambda path: path.write_bytes(b"\x00\xff garbage" * 20),
    "old": lambda path: path.write_text('{"status": "completed", "accuracy": 0.98}'),
}


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """The folder of a completed run with every file that there can be."""
    folder = tmp_path / "seed-0"
    with lock_run(folder):
        record = RunRecord("completed", 0, digest="d")
        run_folder.begin(folder, record)
        run_folder.append_epoch(folder, 1, {"loss": 0.5, "accuracy": 0.5})
        (folder / run_folder.MODEL).write_bytes(b"a network " * 100)
        run_folder.publish(folder, record, {"weights": {"a": np.arange(9)}, "predictions": {"b": np.arange(9)}})
    return folder


@pytest.mark.parametrize("file", ["run.json", "history.csv", "weights.npz", "predictions.npz", run_folder.MODEL])
@pytest.mark.parametrize("damage", DAMAGES)
def test_a_run_with_a_damaged_file_does_not_count(run: Path, file: str, damage: str) -> None:
    assert run_folder.completed(run, "d")
    DAMAGES[damage](run / file)
    assert not run_folder.completed(run, "d")
    assert run_folder.damaged(run) == [file]


@pytest.mark.parametrize(
    ("file", "counts"), [("history.csv", False), ("weights.npz", False), (run_folder.MODEL, True), ("notes.txt", True)]
)
def test_only_a_model_may_be_deleted(run: Path, file: str, counts: bool) -> None:
    (run / file).unlink(missing_ok=True)
    assert run_folder.completed(run, "d") == counts


def test_exactly_the_damaged_runs_are_trained_again(here: Here) -> None:
    sweep = here.sweep.ask({"a": {}, "b": {"optimizer.learning_rate": 0.1}}, seeds=3)
    assert here.run().code == 0
    before, histories = sweep.finished(), sweep.histories()
    broken = {
        "a/seed-0": ("run.json", "truncated"),
        "a/seed-1": ("run.json", "empty"),
        "a/seed-2": ("run.json", "garbage"),
        "b/seed-0": ("run.json", "old"),
        "b/seed-1": ("history.csv", "empty"),
    }
    for run, (file, damage) in broken.items():
        DAMAGES[damage](sweep.folder / run / file)

    reported = here.verb("report", str(sweep.folder))
    assert reported.code == 1
    said = " ".join(reported.out.split())
    for run, (file, _) in broken.items():
        assert f"{run}/{file} (" in said

    ended = here.run()
    assert ended.code == 0, ended.out + ended.err
    assert "1 runs kept" in ended.out
    for run, (file, _) in broken.items():
        row, seed = run.split("/seed-")
        assert f"{row}, seed {seed}: damaged, trained again: {file}" in ended.out
    after = sweep.finished()
    assert {run for run in after if after[run] != before[run]} == set(broken)
    assert sweep.histories() == histories
