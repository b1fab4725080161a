import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mnist_sweeps.storage import atomic, run_folder
from mnist_sweeps.storage.run_file import json_text
from mnist_sweeps.storage.run_lock import lock_run
from mnist_sweeps.storage.run_record import RunRecord
from mnist_sweeps.storage.schema_version import NewerSchema

DIGEST = "d" * 16
RECORD = RunRecord("completed", 3, digest=DIGEST, scores={"val_accuracy": 0.5, "test_loss": math.nan})


def published(folder: Path, **changed: Any) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    run_folder.publish(folder, replace(RECORD, **changed), {})
    return folder


def test_a_run_from_its_beginning_to_its_record(tmp_path: Path) -> None:
    folder = tmp_path / "seed-3"
    with lock_run(folder):
        (folder / "history.csv").write_text("of a killed run\n")
        (folder / "model.keras").write_text("of a killed run")
        run_folder.begin(folder, RECORD)
        assert (folder / "history.csv").read_text() == "epoch,loss,accuracy,val_loss,val_accuracy\n"
        run_folder.append_epoch(
            folder, 1, {"loss": 0.1 + 0.2, "accuracy": 1, "val_loss": 2.5, "val_accuracy": np.float32(1)}
        )
        run_folder.append_epoch(folder, 2, {"loss": 0.25, "accuracy": 0.5})
        assert run_folder.read(folder) is None
        assert run_folder.run_state(folder) == "running, epoch 2"
        run_folder.publish(folder, RECORD, {"weights": {"hidden_1/kernel": np.arange(3.0)}})
    assert sorted(path.name for path in folder.iterdir()) == ["history.csv", "run.json", "weights.npz"]
    assert (folder / "history.csv").read_text().splitlines()[1:] == [
        "1,0.30000000000000004,1.0,2.5,1.0",
        "2,0.25,0.5,,",
    ]
    record = run_folder.read(folder)
    assert record is not None
    assert math.isnan(record.scores["test_loss"] or 0)
    assert (record.files or {}).keys() == {"history.csv", "weights.npz"}
    assert replace(record, files=None, scores=RECORD.scores) == RECORD
    with np.load(folder / "weights.npz") as arrays:
        assert arrays["hidden_1/kernel"].tolist() == [0, 1, 2]
    assert run_folder.run_state(folder) == "completed"


def test_the_record_is_written_after_the_arrays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[str] = []
    monkeypatch.setattr(run_folder.atomic, "write", lambda path, content: written.append(path.name))
    run_folder.publish(tmp_path, RECORD, {"predictions": {}, "weights": {}})
    assert written == ["predictions.npz", "weights.npz", "run.json"]


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(None, id="missing"),
        pytest.param(b"", id="empty"),
        pytest.param(json_text(RECORD).encode()[:-3], id="truncated"),
        pytest.param(b"\xff\xfe", id="no text"),
        pytest.param(b"[]", id="a list"),
        pytest.param(b"{}", id="without a status"),
        pytest.param(json_text(RECORD).encode(), id="without its files"),
    ],
)
def test_an_unreadable_record_reads_as_none(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "run.json").write_bytes(content)
    assert run_folder.read(tmp_path) is None
    assert not run_folder.completed(tmp_path, DIGEST)
    assert run_folder.run_state(tmp_path) == "killed"  # nobody holds it


@pytest.mark.parametrize(
    ("spoil", "names"),
    [
        pytest.param({}, [], id="whole"),
        pytest.param({"history.csv": b"another"}, ["history.csv"], id="changed"),
        pytest.param({"history.csv": b""}, ["history.csv"], id="emptied"),
        pytest.param({"history.csv": None}, ["history.csv"], id="missing"),
        pytest.param({"run.json": b"{"}, ["run.json"], id="the record itself"),
        pytest.param({"model.keras": b"another"}, ["model.keras"], id="a changed model"),
        pytest.param({"model.keras": None}, [], id="a deleted model"),
    ],
)
def test_a_run_counts_while_its_files_are_as_they_were_written(
    tmp_path: Path, spoil: dict[str, bytes | None], names: list[str]
) -> None:
    for name in ("history.csv", "model.keras"):
        (tmp_path / name).write_text(name)
    published(tmp_path)
    for name, content in spoil.items():
        if content is None:
            (tmp_path / name).unlink()
        else:
            (tmp_path / name).write_bytes(content)
    assert run_folder.damaged(tmp_path) == names
    assert run_folder.completed(tmp_path, DIGEST) is not bool(names)


def test_a_newer_record_is_refused_and_never_trained_over(tmp_path: Path) -> None:
    path = published(tmp_path / "seed-3") / "run.json"
    path.write_text(path.read_text().replace('"schema_version": 1', '"schema_version": 2'))
    for reader in (run_folder.read, run_folder.damaged, run_folder.run_state):
        with pytest.raises(NewerSchema, match=r"run\.json: schema_version=2: written by a newer version"):
            reader(path.parent)


def test_state_of_what_was_not_begun(tmp_path: Path) -> None:
    assert run_folder.run_state(tmp_path / "seed-0") == "not begun"
    assert not (tmp_path / "seed-0").exists()


@pytest.mark.parametrize(
    ("scores", "accuracy"),
    [
        pytest.param({"val_accuracy": 0.5, "test_accuracy": 0.9}, 0.5, id="validation"),
        pytest.param({"val_accuracy": 0.5, "fold_accuracy": 0.25}, 0.25, id="the fold left out"),
        pytest.param({"val_accuracy": None, "test_accuracy": 0.9}, None, id="nothing held out"),
        pytest.param({}, None, id="a run that did not complete"),
    ],
)
def test_what_chooses_a_run(scores: dict[str, Any], accuracy: float | None) -> None:
    assert replace(RECORD, scores=scores).validation_accuracy == accuracy


def test_the_names_of_the_folders_above_a_run_are_synced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "outputs" / "sweep" / "variant" / "seed-0"
    folder.mkdir(parents=True)
    synced: list[Path] = []
    monkeypatch.setattr(atomic, "sync", synced.append)
    run_folder.publish(folder, RunRecord("completed", 0, digest="d"), {})
    assert synced[-4:] == [*folder.parents[:4]]


def test_whatever_stands_in_a_runs_folder_makes_room(tmp_path: Path) -> None:
    folder = tmp_path / "seed-0"
    (folder / "run.json" / "below").mkdir(parents=True)
    (folder / "link").symlink_to(tmp_path)
    run_folder.begin(folder, RECORD)
    assert sorted(path.name for path in folder.iterdir()) == [run_folder.BEGUN, "history.csv"]


@pytest.mark.parametrize("content", ["[" * 5000, f'{{"schema_version": {"9" * 400}.0}}', '{"schema_version": 1e999}'])
def test_a_record_that_no_parser_takes_is_no_record(tmp_path: Path, content: str) -> None:
    (tmp_path / "run.json").write_text(content)
    assert run_folder.read(tmp_path) is None
