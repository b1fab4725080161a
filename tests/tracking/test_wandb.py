"""Weights & Biases without a network: what it is told of a sweep, and that nothing is written twice."""

import struct
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from mnist_sweeps.tracking.tracked_run import TrackedRun, tracked_runs
from mnist_sweeps.tracking.tracking import Tracking

BLOCK = 32768  # bytes, of the log files of LevelDB, which W&B's are


class FakeRun:
    """Notes what it is told, and leaves the folder that a real one leaves."""

    def __init__(self, named: dict[str, Any]) -> None:
        self.named, self.logged, self.saved = named, list[tuple[int, dict[str, float]]](), list[str]()
        self.summary: dict[str, float] = {}
        self.exit_code: int | None = None
        Path(named["dir"], "wandb", f"offline-run-20261130_101639-{named['id']}").mkdir(parents=True)

    def log(self, metrics: dict[str, float], step: int) -> None:
        self.logged.append((step, metrics))

    def save(self, path: str, base_path: str, policy: str) -> None:
        self.saved.append(str(Path(path).relative_to(base_path)))

    def finish(self, exit_code: int) -> None:
        self.exit_code = exit_code


@pytest.fixture
def fakes(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[FakeRun]]:
    """The runs that a pretended package wandb has been asked for."""
    made: list[FakeRun] = []

    def init(**named: Any) -> FakeRun:
        made.append(FakeRun(named))
        return made[-1]

    package = ModuleType("wandb")
    package.__dict__.update(init=init, Settings=SimpleNamespace)
    monkeypatch.setitem(sys.modules, "wandb", package)
    yield made
    sys.modules.pop("mnist_sweeps.tracking.wandb", None)  # it has the pretended package


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("WANDB_MODE", "WANDB_ERROR_REPORTING", "WANDB_SILENT", "WANDB_PROJECT"):
        monkeypatch.setenv(name, "")  # so that what the tracker sets is undone
        monkeypatch.delenv(name)


def tracker(sweep: Path) -> Any:
    from mnist_sweeps.tracking.wandb import WandbTracker

    return WandbTracker(sweep)


def first(sweep: Path) -> TrackedRun:
    return next(run for run in tracked_runs(sweep) if run.place == "plain/seed-0")


def test_a_run_has_its_settings_epochs_and_metrics(swept: Path, fakes: list[FakeRun]) -> None:
    tracker(swept).send(first(swept))
    (run,) = fakes
    assert (run.named["project"], run.named["name"], run.named["group"]) == ("mine", "plain, seed 0", "plain")
    assert run.named["config"]["optimizer.name"] == "adam"
    assert [(step, metrics["epoch_val_accuracy"]) for step, metrics in run.logged] == [(1, 0.9)]
    assert run.summary["val_accuracy"] == 0.9 and run.exit_code == 0


def test_only_what_is_new_is_written_again(swept: Path, fakes: list[FakeRun]) -> None:
    tracker(swept).send(first(swept))
    tracker(swept).send(first(swept))
    assert len(fakes) == 1
    path = swept / "plain" / "seed-0" / "run.json"
    path.write_text(path.read_text().replace('"completed"', '"killed"'))
    tracker(swept).send(first(swept))
    assert [run.exit_code for run in fakes] == [0, 1]
    assert [folder.name.rpartition("-")[2] for folder in (swept / "wandb").iterdir()] == [first(swept).mark]


def test_a_run_that_was_not_written_to_its_end_is_written_again(
    swept: Path, fakes: list[FakeRun], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as dying:
        dying.setattr(FakeRun, "finish", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            tracker(swept).send(first(swept))
    tracker(swept).send(first(swept))
    assert len(fakes) == 2 and len(list((swept / "wandb").iterdir())) == 1


def test_the_report_is_a_run_with_files(swept: Path, fakes: list[FakeRun]) -> None:
    tracker(swept).finish(complete=False)
    tracker(swept).finish(complete=False)
    (run,) = fakes
    assert {"sweep.yaml", "report.html", "report.csv"} <= set(run.saved)
    assert run.exit_code == 1


@pytest.mark.slow
def test_offline_runs_of_the_real_package_hold_all_of_it(swept: Path) -> None:
    wandb = pytest.importorskip("wandb")
    Tracking(["wandb"], swept).finish()
    wandb.teardown()  # its service may still be writing the last run
    folders = [path for path in (swept / "wandb").glob("offline-run-*") if path.is_dir()]
    assert len(folders) == 5  # four runs and the report
    records = [record for folder in folders for record in _records(next(folder.glob("*.wandb")))]
    assert {record.run.display_name for record in records if record.WhichOneof("record_type") == "run"} >= {
        "plain, seed 0", "other optimizer, seed 1", "mine, report",
    }  # fmt: skip
    history = [
        {".".join(item.nested_key) or item.key: item.value_json for item in record.history.item}
        for record in records
        if record.WhichOneof("record_type") == "history"
    ]
    assert sorted(float(entry["epoch_val_accuracy"]) for entry in history) == [0.8, 0.8, 0.9, 0.9]
    assert [record.exit.exit_code for record in records if record.WhichOneof("record_type") == "exit"] == [0] * 5


def _records(path: Path) -> Iterator[Any]:
    """The records of an offline run: a header of 7 bytes, then those of LevelDB's log format."""
    from wandb.proto.wandb_internal_pb2 import Record

    content, at, whole = path.read_bytes(), 7, b""
    while at + 7 <= len(content):
        if BLOCK - at % BLOCK < 7:
            at += BLOCK - at % BLOCK
            continue
        length, kind = struct.unpack_from("<HB", content, at + 4)
        whole += content[at + 7 : at + 7 + length]
        at += 7 + length
        if kind in (1, 4):  # full, last
            record = Record()
            record.ParseFromString(whole)
            yield record
            whole = b""
