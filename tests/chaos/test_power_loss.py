"""The power fails at any moment of a sweep: what was reported as finished is there, no number is wrong, it goes on."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hydra.core.utils import JobReturn, JobStatus
from tests.chaos.recorded_disk import Crash, Names, Operation, Recorder, crashes, unsynced, write_tree
from tests.pretend import BUILT, record_of

from mnist_sweeps import report
from mnist_sweeps.config.schema import Config, RunKey
from mnist_sweeps.planning import compose
from mnist_sweeps.planning.planner import Planner
from mnist_sweeps.planning.sweep_plan import SweepPlan
from mnist_sweeps.storage import atomic, run_digest, run_folder, variant_folder
from mnist_sweeps.storage.run_lock import lock_run
from mnist_sweeps.sweeps import driver

SWEEP = """\
question: Which?
common: {model: softmax, training.epochs: 2, seeds: 2}
variants: {plain: {}, other: {optimizer: sgd}}
"""


def accuracy(run: RunKey, config: Config) -> float:
    """The validation accuracy of a run: another one for each."""
    return round(0.9 + 0.01 * run.seed + 0.001 * (config.optimizer["name"] == "sgd"), 4)


def train(config: Config, variant: Path, done: Callable[[str], None]) -> None:
    """Does what a job does to the disk; `done` is told what is finished."""
    for run in variant_folder.unfinished(config, variant):
        folder, value = run_folder.folder_of(variant, run), accuracy(run, config)
        with lock_run(folder):
            record = record_of(config, run, value, "completed", sweep=variant.parent.name, name=variant.name)
            run_folder.begin(folder, record)
            for epoch in (1, 2):
                logs = dict.fromkeys(("loss", "val_loss"), 0.5) | dict.fromkeys(("accuracy", "val_accuracy"), value)
                run_folder.append_epoch(folder, epoch, logs)
            (folder / run_folder.MODEL).write_bytes(b"a network " * 20)
            run_folder.publish(folder, record, {"weights": {"a": np.arange(9)}})
        done(run_digest.digest(config, run))
    (variant / "figures").mkdir(exist_ok=True)
    atomic.write(variant / variant_folder.LAST_PICTURE, b"a picture")


class Scene:
    """One sweep: planned once, recorded once, and gone on with from any state of the disk."""

    def __init__(self, home: Path, patch: pytest.MonkeyPatch) -> None:
        self.home = home
        (home / "conf" / "sweep").mkdir(parents=True)
        (home / "conf" / "sweep" / "mine.yaml").write_text(SWEEP)
        patch.chdir(home)
        with compose.session():
            planner = Planner(["sweep=mine"])
            self.plan: SweepPlan = planner.plan()
        patch.setattr(planner, "plan", lambda: self.plan)
        patch.setattr(driver, "Planner", lambda *_: planner)
        patch.setattr("mnist_sweeps.sweeps.warm_up.start", lambda *_: None)  # there are no workers
        patch.setattr(driver, "dry_run", lambda configs: [BUILT] * len(configs))
        patch.setattr("mnist_sweeps.report.figures.overview.draw", lambda _: None)  # 60 ms, and not read back
        patch.setattr("mnist_sweeps.job.missing_figures.draw", lambda *_: True)  # and the weights are none
        self.configs = {row.folder: row.config for row in self.plan.rows}
        self.truth = {
            run_digest.digest(config, run): accuracy(run, config)
            for config in self.configs.values()
            for run in config.runs
        }

    def command(self, done: Callable[[str], None] = lambda _: None) -> None:
        """`mnist-sweeps sweep=mine` here."""

        def launch(jobs: list[list[str]], folder: str, *_: Any) -> list[JobReturn]:
            names = [job[-1].partition("=")[2].strip("'") for job in jobs]  # hydra.sweep.subdir
            for name in names:
                train(self.configs[name], Path(folder, name), done)
            return [JobReturn(overrides=job, status=JobStatus.COMPLETED, _return_value=0.9) for job in jobs]

        driver.sweep(["sweep=mine"], launch)

    def record(self, forgotten: Callable[[Names], bool] = lambda _: False) -> list[Operation]:
        """What a whole sweep asks of the disk."""
        disk = self.home / "disk"
        disk.mkdir()
        recorder = Recorder(disk, forgotten)
        with pytest.MonkeyPatch.context() as patch, recorder.recording():
            patch.chdir(disk)
            self.command(recorder.mark)
        shutil.rmtree(disk)
        return recorder.operations

    def faults(self, crash: Crash, operations: list[Operation]) -> list[str]:
        """What is wrong with the state that a power loss leaves, read as it is and gone on from."""
        state = self.home / "state"
        shutil.rmtree(state, ignore_errors=True)
        state.mkdir()
        write_tree(crash.tree(operations), state)
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(state)
            patch.setattr("os.fsync", lambda _: None)
            lost = set(crash.promised(operations)) - self._finished()
            faults = [f"{crash}: lost {sorted(lost)}"] if lost else []
            trained: list[str] = []
            try:
                wrong = self._wrong()
                self.command(trained.append)
                wrong += self._wrong()
            except Exception as error:
                return [*faults, f"{crash}: {error!r}"]
            faults += [f"{crash}: {line}" for line in wrong]
            if again := set(trained) & set(crash.promised(operations)):
                faults.append(f"{crash}: trained again {sorted(again)}")
            if self._finished() != set(self.truth):
                faults.append(f"{crash}: does not go on to its end")
        return faults

    def _finished(self) -> set[str]:
        """The digests of the runs that count."""
        return {
            digest
            for name, config in self.configs.items()
            for run in config.runs
            if run_folder.completed(
                run_folder.folder_of(Path("outputs/mine", name), run), digest := run_digest.digest(config, run)
            )
        }

    def _wrong(self) -> list[str]:
        """Every number in the report that is not the true one."""
        try:
            rows = report.read(Path("outputs/mine")).rows
        except (FileNotFoundError, ValueError):  # no sweep.yaml yet: there is nothing to read
            return []
        wrong = []
        for row in rows:
            for run in row.finished:
                value = self.truth[str(run.digest)]
                history = tuple((float(epoch), 0.5, value, 0.5, value) for epoch in (1, 2))
                if run.metrics["val_accuracy"] != value or run.history not in ((), history):
                    wrong.append(f"{row.name}, {run.key}: {run.metrics['val_accuracy']}, {run.history}")
        return wrong


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    with pytest.MonkeyPatch.context() as patch:
        yield Scene(tmp_path, patch)


@pytest.mark.parametrize("count", [40, pytest.param(1000, marks=pytest.mark.slow)])
def test_a_sweep_survives_a_power_loss(scene: Scene, count: int) -> None:
    operations = scene.record()
    states = crashes(operations, count)
    assert len(states) == count
    assert [fault for crash in states for fault in scene.faults(crash, operations)] == []


SYNCS: dict[str, Callable[[Names], bool]] = {
    "a file before it gets its name": lambda path: len(path) == 5 and path[-1].endswith(".part"),
    "history.csv": lambda path: path[-1:] == ("history.csv",),
    "the model": lambda path: path[-1:] == (run_folder.MODEL,),
    "the names in the run's folder": lambda path: len(path) == 4 and path[-1].startswith("seed-"),
    "the name of the run's folder": lambda path: len(path) == 3,
    "the name of the variant's folder": lambda path: len(path) == 2,
    "the name of the sweep's folder": lambda path: path == ("outputs",),
    "the name of outputs": lambda path: path == (),
}


@pytest.mark.parametrize("sync", SYNCS)
def test_a_sync_that_is_left_out_is_noticed(scene: Scene, sync: str) -> None:
    """The state after the first finished run in which all that would not last is gone."""
    operations = scene.record(SYNCS[sync])
    at = next(place for place, operation in enumerate(operations, 1) if operation.kind == "mark")
    assert scene.faults(Crash(at, frozenset(unsynced(operations, at))), operations)
