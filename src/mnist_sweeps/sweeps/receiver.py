"""The driver's side of jobs on other machines: it sends each its order, and publishes the parcels that come back."""

from __future__ import annotations

from contextlib import ExitStack
from copy import deepcopy
from pathlib import Path

from hydra.core.utils import JobReturn, JobStatus
from omegaconf import DictConfig, OmegaConf, open_dict

from mnist_sweeps.config.schema import Config
from mnist_sweeps.planning import compose
from mnist_sweeps.runtime.workers import Lost
from mnist_sweeps.storage import carried_files, run_folder, sweep_file, variant_folder
from mnist_sweeps.storage.carried_files import Files
from mnist_sweeps.storage.run_lock import RunLocked, lock_run
from mnist_sweeps.sweeps.hydra_job import HydraJob, Numbered, folder_of
from mnist_sweeps.sweeps.remote_job import Began, Order, Parcel


class Receiver:
    """Locks the runs that are trained elsewhere, and publishes what comes of them."""

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
        missing = variant_folder.unfinished(_config_of(self.composed[index]), variant)
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
    return carried_files.earlier_files(config, folder.name, variant_folder.unfinished(config, folder))


def _config_of(composed: DictConfig) -> Config:
    """What a job trains, without the settings of Hydra."""
    config = deepcopy(composed)
    with open_dict(config):
        del config["hydra"]
    return compose.to_config(config)
