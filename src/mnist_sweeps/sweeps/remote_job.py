"""A job on a machine that need not see the folder of the sweep: sent there, and what comes of it published here."""

from __future__ import annotations

import os
import tempfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path

from hydra.core.utils import JobReturn, JobStatus
from omegaconf import DictConfig, OmegaConf, open_dict, read_write

from mnist_sweeps.config.schema import Config
from mnist_sweeps.planning import compose
from mnist_sweeps.runtime.workers import Lost
from mnist_sweeps.storage import carried_files, earlier_run, folder_names, run_folder, scratch, sweep_file
from mnist_sweeps.storage.carried_files import Files
from mnist_sweeps.storage.run_lock import RunLocked, lock_run
from mnist_sweeps.sweeps.hydra_job import HydraJob, Numbered, folder_of

SECONDS_BETWEEN_PARCELS = 0.5
NODES_SCRATCH = "mnist_sweeps"  # in the folder for temporary files of a node


@dataclass
class Order:
    """A job as it goes to a node, with what the driver has of its variant, states to go on from, and sweep.yaml."""

    composed: DictConfig
    folder: Path
    files: Files
    earlier: Files
    sweep_yaml: bytes | None


@dataclass
class Began:
    """A node has a job; where it sees the driver's folder, it writes there."""

    shared: bool


@dataclass
class Parcel:
    """Changed files of a job that trains elsewhere; at its end also which runs still have their models."""

    files: Files
    models: list[str] | None = None


class Receiver:
    """The driver's side: locks the runs that are trained elsewhere, and publishes what comes of them."""

    def __init__(self, job: HydraJob) -> None:
        self.job = job
        self.jobs: dict[int, Numbered] = {}  # by their places, as is all below
        self.composed: dict[int, DictConfig] = {}
        self.locked: dict[int, set[str]] = {}  # names of run folders
        self.locks: dict[int, ExitStack] = {}

    def order(self, index: int, job: Numbered) -> Order:
        """The job as it is now: completed runs are sent with it."""
        self.jobs[index] = job
        composed = self.composed[index] = self.job.compose(job)
        folder = folder_of(composed).absolute()
        yaml = folder.parent / sweep_file.NAME
        return Order(
            composed,
            folder,
            carried_files.ended_files(folder),
            _earlier_files(composed, folder),
            yaml.read_bytes() if yaml.exists() else None,
        )

    def take(self, index: int, part: Began | Parcel | JobReturn) -> bool:
        """Whether the job is to go on."""
        if isinstance(part, Began):
            return part.shared or self._lock(index)
        if isinstance(part, Parcel):
            variant = folder_of(self.composed[index])
            carried_files.receive(part.files, variant, self.locked[index])
            for name in self.locked[index] if part.models is not None else ():
                if name not in (part.models or ()):
                    (variant / name / run_folder.MODEL).unlink(missing_ok=True)
            return True
        self._release(index)
        return True

    def result(self, index: int, result: JobReturn | Lost | None) -> JobReturn | Lost:
        """What a job returned; one that `take` has stopped, as another command trains its runs, returned nothing."""
        if result is None:
            return JobReturn(overrides=self.jobs[index][1], status=JobStatus.COMPLETED)
        return result

    def take_lost(self, index: int, lost: Lost) -> None:
        """The runs that the job had begun are recorded."""
        self._release(index)
        self.job.record_lost(self.jobs[index], lost)

    def _lock(self, index: int) -> bool:
        """Locks the runs of a job that begins elsewhere; False where another command trains each, or has trained it."""
        self._release(index)
        variant = folder_of(self.composed[index])
        locks = self.locks[index] = ExitStack()
        locked = self.locked[index] = set()
        missing = run_folder.unfinished(_config_of(self.composed[index]), variant)
        for key in missing:
            folder = run_folder.folder_of(variant, key)
            try:
                locks.enter_context(lock_run(folder))
            except RunLocked:
                continue
            locked.add(folder.name)
        return bool(locked) or not missing  # without missing runs, its figures are

    def _release(self, index: int) -> None:
        if index in self.locks:
            self.locks.pop(index).close()


def _earlier_files(composed: DictConfig, folder: Path) -> Files:
    """What the missing runs of a job go on from; a job of another Hydra application has nothing of the kind."""
    if OmegaConf.select(composed, "continue_from") is None:
        return {}
    config = _config_of(composed)
    return carried_files.earlier_files(config, folder.name, run_folder.unfinished(config, folder))


def _config_of(composed: DictConfig) -> Config:
    """What a job trains, without the settings of Hydra."""
    config = deepcopy(composed)
    with open_dict(config):
        del config["hydra"]
    return compose.to_config(config)


@dataclass
class RemoteJob:
    """On a node: runs a job where the driver would, or in a folder for temporary files, and yields what came of it."""

    job: HydraJob
    cwd: Path
    mark: Path  # a folder that only the driver's disk has
    copy: bool

    def __call__(self, order: Order) -> Iterator[Began | Parcel | JobReturn]:
        """Where the job runs, then what it changed as far as the driver does not see it, then what it returned."""
        shared = self.mark.is_dir() and not self.copy
        yield Began(shared)
        if shared:
            os.chdir(self.cwd)
            os.environ["TMPDIR"] = str(self.mark)
            yield self.job.run(order.composed)
            return
        temporary = Path(tempfile.gettempdir(), NODES_SCRATCH)
        temporary.mkdir(exist_ok=True)
        scratch.remove_stale(temporary)
        with scratch.scratch_folder(temporary) as folder:
            os.environ["TMPDIR"] = str(folder)
            yield from self._elsewhere(order, folder / order.folder.parent.name)

    def _elsewhere(self, order: Order, sweep: Path) -> Iterator[Parcel | JobReturn]:
        variant = sweep / order.folder.name
        variant.mkdir(parents=True)
        carried_files.unpack(order.files, variant)
        carried_files.unpack(order.earlier, sweep / earlier_run.CARRIED)
        if order.sweep_yaml is not None:
            (sweep / sweep_file.NAME).write_bytes(order.sweep_yaml)
        composed = deepcopy(order.composed)
        with read_write(composed), open_dict(composed):
            composed.hydra.sweep.dir, composed.hydra.sweep.subdir = str(sweep), variant.name
            composed.hydra.runtime.cwd = str(self.cwd if self.cwd.is_dir() else sweep)
        changes = carried_files.Changes(variant)
        work = _Work(self.job, composed)
        work.start()
        while work.is_alive():
            work.join(SECONDS_BETWEEN_PARCELS)
            if files := changes.of_runs():
                yield Parcel(files)
        returned = work.returned()
        models = [folder.name for folder in folder_names.run_folders(variant) if (folder / run_folder.MODEL).exists()]
        yield Parcel(changes.of_all(), models)
        yield returned


class _Work(threading.Thread):
    """A job under way, so that what it has done so far can be sent meanwhile."""

    def __init__(self, job: HydraJob, composed: DictConfig) -> None:
        super().__init__(daemon=True)
        self.job, self.composed = job, composed
        self.result: JobReturn | None = None
        self.error: BaseException | None = None

    def run(self) -> None:
        try:
            self.result = self.job.run(self.composed)
        except BaseException as error:
            self.error = error

    def returned(self) -> JobReturn:
        if self.result is None:
            raise self.error or RuntimeError("the job returned nothing")
        return self.result
