"""A job on a machine that need not see the folder of the sweep: run there, and what comes of it sent in parcels."""

from __future__ import annotations

import os
import tempfile
import threading
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path

from hydra.core.utils import JobReturn
from omegaconf import DictConfig, open_dict, read_write

from mnist_sweeps.storage import carried_files, earlier_run, folder_names, run_folder, scratch, sweep_file
from mnist_sweeps.storage.carried_files import Files
from mnist_sweeps.sweeps.hydra_job import HydraJob

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
