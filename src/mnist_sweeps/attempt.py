"""A run under way: from its claimed folder to its record."""

from __future__ import annotations

import time
import traceback
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from mnist_sweeps import digits, identity, provenance, records, runs
from mnist_sweeps.config import Config, Run
from mnist_sweeps.data import Split
from mnist_sweeps.device import Machine
from mnist_sweeps.training.trainer import Trained


@dataclass(frozen=True)
class Variant:
    """A row of the table and where its runs go."""

    sweep: str
    name: str
    folder: Path


class Attempt:
    """One training in its claimed folder: begun when it is made, published once, by `end` or by `fail`."""

    def __init__(self, config: Config, run: Run, variant: Variant, split: Split, machine: Machine) -> None:
        self.config, self.run, self.variant, self.split, self.machine = config, run, variant, split, machine
        self.folder = runs.folder_of(variant.folder, run)
        self.published = False
        self.began = time.perf_counter()
        self.record: dict[str, Any] = {
            "status": "failed", "sweep": variant.sweep, "variant": variant.name, **run._asdict(),
            "digest": identity.digest(config, run), "config": asdict(config), "data": records.counts(config, split),
        }  # fmt: skip
        runs.begin(self.folder, self.record)

    def tell(self, epoch: int, logs: Mapping[str, float]) -> None:
        """Notes an epoch, from 1."""
        runs.append_epoch(self.folder, epoch, logs)

    def end(self, trained: Trained) -> None:
        """Publishes what came of the training."""
        self.record |= records.results(trained, self.split)
        if self._keeps_model():
            trained.model.save(self.folder / runs.MODEL)
        self._publish(records.arrays(trained))

    def fail(self, error: BaseException) -> None:
        """Publishes why there is no result, unless there is: `interrupted`, or `failed` with the error."""
        if self.published:
            return
        (self.folder / runs.MODEL).unlink(missing_ok=True)  # it may be cut short
        self.record["status"] = "failed"
        if isinstance(error, KeyboardInterrupt):
            self.record["status"] = "interrupted"
        else:
            traceback.print_exception(error)
            told = "".join(traceback.format_exception(error))
            self.record["error"] = {"type": type(error).__name__, "message": str(error), "traceback": told}
        self._publish({})

    def _publish(self, arrays: Mapping[str, Mapping[str, Any]]) -> None:
        self.record["provenance"] = provenance.provenance(self.machine, digits.digest(self.config.data.name))
        self.record.setdefault("seconds", {})["total"] = round(time.perf_counter() - self.began, 3)
        runs.publish(self.folder, self.record, arrays)
        self.published = True

    def _keeps_model(self) -> bool:
        """Whether the model is asked for; of `best`, whether it is the best so far (saving one takes 25 ms)."""
        if self.record["status"] != "completed" or self.config.keep_models == "none":
            return False
        best = runs.best_model(self.variant.folder)
        beaten = best is None or runs.score(self.record) > runs.score(runs.read(best) or {})
        return beaten or self.config.keep_models == "all"
