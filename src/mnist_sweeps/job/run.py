"""A run under way: from its claimed folder to its record."""

from __future__ import annotations

import time
import traceback
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from mnist_sweeps.config.schema import Config, RunKey
from mnist_sweeps.data import mnist
from mnist_sweeps.data.dataset import Split
from mnist_sweeps.job import run_results
from mnist_sweeps.runtime import provenance
from mnist_sweeps.runtime.device import Machine
from mnist_sweeps.storage import run_digest, run_folder
from mnist_sweeps.training.trainer import Trained


@dataclass(frozen=True)
class VariantFolder:
    """A row of the table and where its runs go."""

    sweep: str
    name: str
    folder: Path


class ActiveRun:
    """One training in its claimed folder: begun when it is made, published once, by `end` or by `fail`."""

    def __init__(self, config: Config, run: RunKey, variant: VariantFolder, split: Split, machine: Machine) -> None:
        self.config, self.run, self.variant, self.split, self.machine = config, run, variant, split, machine
        self.folder = run_folder.folder_of(variant.folder, run)
        self.published = False
        self.began = time.perf_counter()
        self.record: dict[str, Any] = {
            "status": "failed", "sweep": variant.sweep, "variant": variant.name, **run._asdict(),
            "digest": run_digest.digest(config, run), "config": asdict(config),
            "data": run_results.counts(config, split),
        }  # fmt: skip
        run_folder.begin(self.folder, self.record)

    def tell(self, epoch: int, logs: Mapping[str, float]) -> None:
        """Notes an epoch, from 1."""
        run_folder.append_epoch(self.folder, epoch, logs)

    def end(self, trained: Trained) -> None:
        """Publishes what came of the training."""
        self.record |= run_results.results(trained, self.split)
        if self._keeps_model():
            trained.model.save(self.folder / run_folder.MODEL)
        self._publish(run_results.arrays(trained))

    def fail(self, error: BaseException) -> None:
        """Publishes why there is no result, unless there is: `interrupted`, or `failed` with the error."""
        if self.published:
            return
        (self.folder / run_folder.MODEL).unlink(missing_ok=True)  # it may be cut short
        self.record["status"] = "failed"
        if isinstance(error, KeyboardInterrupt):
            self.record["status"] = "interrupted"
        else:
            traceback.print_exception(error)
            told = "".join(traceback.format_exception(error))
            self.record["error"] = {"type": type(error).__name__, "message": str(error), "traceback": told}
        self._publish({})

    def _publish(self, arrays: Mapping[str, Mapping[str, Any]]) -> None:
        self.record["provenance"] = provenance.provenance(self.machine, mnist.digest(self.config.data.name))
        self.record.setdefault("seconds", {})["total"] = round(time.perf_counter() - self.began, 3)
        run_folder.publish(self.folder, self.record, arrays)
        self.published = True

    def _keeps_model(self) -> bool:
        """Whether the model is asked for; of `best`, whether it is the best so far (saving one takes 25 ms)."""
        if self.record["status"] != "completed" or self.config.keep_models == "none":
            return False
        best = run_folder.best_model(self.variant.folder)
        beaten = best is None or run_folder.score(self.record) > run_folder.score(run_folder.read(best) or {})
        return beaten or self.config.keep_models == "all"
