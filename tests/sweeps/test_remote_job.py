"""A job sent to a machine that does not see the sweep's folder; here the driver and the node are one process."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hydra.core.utils import JobReturn
from omegaconf import OmegaConf
from tests.pretend import Launcher, prepare

from mnist_sweeps.config.schema import Config, RunKey
from mnist_sweeps.planning import compose
from mnist_sweeps.runtime.workers import Lost
from mnist_sweeps.storage import earlier_run, run_folder
from mnist_sweeps.storage.earlier_run import EarlierRun
from mnist_sweeps.storage.folder_names import run_folder_name
from mnist_sweeps.storage.run_lock import lock_run
from mnist_sweeps.sweeps import driver
from mnist_sweeps.sweeps.finish import RunsFailed
from mnist_sweeps.sweeps.hydra_job import Numbered
from mnist_sweeps.sweeps.receiver import Receiver
from mnist_sweeps.sweeps.remote_job import Began, Order, RemoteJob


class Job:
    """Stands for `HydraJob`: composes with the session of the test, trains with a launcher that only pretends to."""

    def __init__(self) -> None:
        self.launcher = Launcher()
        self.lost: list[str] = []

    def compose(self, job: tuple[int, list[str]]) -> Any:
        from hydra import compose as hydra_compose

        return hydra_compose("config", job[1], return_hydra_config=True)

    def run(self, composed: Any) -> JobReturn:
        settings = composed.hydra.sweep
        overrides = [*composed.hydra.overrides.task, f"hydra.sweep.dir='{settings.dir}'"]
        return self.launcher.job([*overrides, f"hydra.sweep.subdir='{settings.subdir}'"])

    def record_lost(self, job: Any, lost: Lost) -> None:
        self.lost.append(lost.status)


@pytest.fixture
def job(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Job:
    prepare(tmp_path, monkeypatch)
    monkeypatch.setattr(os, "chdir", lambda _: None)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    return Job()


def sweep(
    job: Job,
    run_each: Callable[[Receiver, RemoteJob, Numbered], None],
    copy: bool = True,
    words: tuple[str, ...] = (),
) -> None:
    """Trains sweep=mine, each job by `run_each`."""

    def launch(jobs: list[list[str]], folder: str, *_: Any) -> list[JobReturn]:
        Path(folder).mkdir(parents=True, exist_ok=True)
        receiver = Receiver(job)  # type: ignore[arg-type]
        remote = RemoteJob(job, Path.cwd(), Path(folder), copy)  # type: ignore[arg-type]
        for job_with_number in enumerate(jobs):
            run_each(receiver, remote, job_with_number)
        return [receiver.result(index, None) for index in range(len(jobs))]

    with compose.session():
        driver.sweep(["sweep=mine", *words], launch)


def in_full(receiver: Receiver, remote: RemoteJob, job: Numbered) -> None:
    for part in remote(receiver.order(job[0], job)):
        if not receiver.take(job[0], part):
            return


@pytest.mark.parametrize("copy", [True, False])
def test_what_a_node_trained_is_published_here(job: Job, tmp_path: Path, copy: bool) -> None:
    sweep(job, in_full, copy)
    folder = tmp_path / "outputs" / "mine"
    assert len(job.launcher.trained) == 4
    records = [run_folder.read(path.parent) for path in sorted(folder.glob("*/seed-*/run.json"))]
    assert [record.status for record in records if record] == ["completed"] * 4
    assert [path.name for path in tmp_path.rglob(".tmp-*")] == []
    with lock_run(folder / "plain" / "seed-0"):  # nobody holds it any more
        pass


def test_a_job_whose_runs_another_command_trains_is_stopped(job: Job, tmp_path: Path) -> None:
    folder = tmp_path / "outputs" / "mine" / "plain"
    with lock_run(folder / "seed-0"), lock_run(folder / "seed-1"), pytest.raises(RunsFailed):
        sweep(job, in_full)
    assert job.launcher.trained == ["other-optimizer/seed-0", "other-optimizer/seed-1"]
    sweep(job, in_full)
    assert job.launcher.trained[2:] == ["plain/seed-0", "plain/seed-1"]


def test_a_run_that_another_command_trains_is_not_overwritten(job: Job, tmp_path: Path) -> None:
    with lock_run(tmp_path / "outputs" / "mine" / "plain" / "seed-0"), pytest.raises(RunsFailed):
        sweep(job, in_full)
    assert not list(tmp_path.glob("outputs/mine/plain/seed-0/*"))
    assert run_folder.read(tmp_path / "outputs" / "mine" / "plain" / "seed-1")


def test_a_lost_job_goes_on_with_its_completed_runs(job: Job, tmp_path: Path) -> None:
    def lost_at_the_first_try(receiver: Receiver, remote: RemoteJob, job: Numbered) -> None:
        index = job[0]
        first, parcel, *_ = remote(receiver.order(index, job))
        receiver.take(index, first)
        parcel.files = {name: content for name, content in parcel.files.items() if name.startswith("seed-0/")}
        receiver.take(index, parcel)
        in_full(receiver, remote, job)

    sweep(job, lost_at_the_first_try)
    assert job.launcher.trained[:3] == ["plain/seed-0", "plain/seed-1", "plain/seed-1"]


def test_what_a_job_had_begun_is_recorded_when_it_is_lost(job: Job, tmp_path: Path) -> None:
    def lost(receiver: Receiver, remote: RemoteJob, job: Numbered) -> None:
        index = job[0]
        receiver.order(index, job)
        receiver.take(index, Began(shared=False))
        receiver.take_lost(index, Lost("killed", "no node is left"))
        with lock_run(tmp_path / "outputs" / "mine" / "plain" / "seed-0"):
            pass

    with pytest.raises(RunsFailed):
        sweep(job, lost)
    assert job.lost == ["killed", "killed"]


def test_the_states_from_which_runs_go_on_are_sent_with_them(job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    orders: list[Order] = []

    def keep_order(receiver: Receiver, remote: RemoteJob, numbered: Numbered) -> None:
        orders.append(receiver.order(numbered[0], numbered))

    def find(source: Path, variant: str, config: Config, run: RunKey) -> EarlierRun:
        return EarlierRun(source / variant / run_folder_name(run), None)  # type: ignore[arg-type]

    monkeypatch.setattr(earlier_run, "find", find)
    for name in ("plain", "other-optimizer"):
        for seed in (0, 1):
            (folder := Path("short", name, f"seed-{seed}")).mkdir(parents=True)
            (folder / "run.json").write_text("{}")
            (folder / "state.npz").write_text(f"{name} {seed}")
    with pytest.raises(RunsFailed):
        sweep(job, keep_order, words=("continue_from=short",))
    assert orders[0].earlier["plain/seed-1/state.npz"] == b"plain 1"
    assert [sorted(order.earlier) for order in orders] == [
        [f"{name}/seed-{seed}/{file}" for seed in (0, 1) for file in ("run.json", "state.npz")]
        for name in ("plain", "other-optimizer")
    ]


def test_a_job_of_another_hydra_application_is_sent_as_it_is(job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    composed = OmegaConf.create({"hydra": {"sweep": {"dir": "multirun", "subdir": "0"}}, "number": 1})
    OmegaConf.set_struct(composed, True)
    monkeypatch.setattr(job, "compose", lambda _: composed)
    order = Receiver(job).order(0, (0, ["number=1"]))  # type: ignore[arg-type]
    assert (order.composed, order.files, order.earlier) == (composed, {}, {})
