"""A run under way: from its locked folder to its record."""

from __future__ import annotations

import time
import traceback
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.config.schema import Config, RunKey
from mnist_sweeps.data import sources
from mnist_sweeps.data.dataset import Split
from mnist_sweeps.job import run_results
from mnist_sweeps.runtime import provenance
from mnist_sweeps.runtime.device import Machine
from mnist_sweeps.storage import earlier_run, run_digest, run_folder, run_scores
from mnist_sweeps.storage.run_parts import RunError, RunSeconds
from mnist_sweeps.storage.run_record import RunRecord
from mnist_sweeps.training.trained import Trained
from mnist_sweeps.training.training_state import TrainingState


@dataclass(frozen=True)
class VariantFolder:
    """A variant of a sweep, and the folder of its runs."""

    sweep: str
    name: str
    folder: Path


class ActiveRun:
    """One training in its locked folder: begun when it is made, published once, by `end` or by `fail`."""

    def __init__(self, config: Config, run: RunKey, variant: VariantFolder, split: Split, machine: Machine) -> None:
        self.config, self.run, self.variant, self.split, self.machine = config, run, variant, split, machine
        self.folder = run_folder.folder_of(variant.folder, run)
        self.published = False
        self.continued: dict[str, Any] = {}  # the run with fewer epochs from which it went on
        self.began = time.perf_counter()
        self.record = RunRecord(
            status="failed",
            seed=run.seed,
            fold=run.fold,
            digest=run_digest.digest(config, run),
            sweep=variant.sweep,
            variant=variant.name,
            config=asdict(config),
            counts=run_results.image_counts(config, split),
        )
        run_folder.begin(self.folder, self.record)

    def earlier_state(self) -> TrainingState | None:
        """The state from which the run goes on; None where it begins at its first epoch.

        Raises:
            ConfigError: The folder that the config names has none.
        """
        if self.config.continue_from is None:
            return None
        named = Path(self.config.continue_from)
        carried = self.variant.folder.with_name(earlier_run.CARRIED)
        source = carried if carried.is_dir() else named
        earlier = earlier_run.find(source, self.variant.folder.name, self.config, self.run)
        if earlier is None:
            raise ConfigError(f"continue_from={named}: there is no state of {self.variant.name}, {self.run}")
        folder = named / earlier.folder.relative_to(source)
        self.continued = {"folder": str(folder), "epochs": earlier.epochs, "code": earlier.record.code}
        return TrainingState.from_arrays(earlier.state())

    def record_epoch(self, epoch: int, logs: Mapping[str, float]) -> None:
        """Adds an epoch to the run's history.

        Args:
            epoch: Its number, from 1.
            logs: Metrics by name.
        """
        run_folder.append_epoch(self.folder, epoch, logs)

    def end(self, trained: Trained) -> None:
        """Publishes what came of the training."""
        self.record = run_results.with_results(self.record, trained, self.split)
        if self._keeps_model():
            trained.model.save(self.folder / run_folder.MODEL)
        self._publish(run_results.arrays(trained))

    def fail(self, error: BaseException) -> None:
        """Publishes a run without a result as `interrupted`, or as `failed` with its error."""
        if self.published:
            return
        (self.folder / run_folder.MODEL).unlink(missing_ok=True)  # it may be cut short
        if isinstance(error, KeyboardInterrupt):
            self.record = replace(self.record, status="interrupted")
        else:
            traceback.print_exception(error)
            failure = RunError(type(error).__name__, str(error), "".join(traceback.format_exception(error)))
            self.record = replace(self.record, status="failed", failure=failure)
        self._publish({})

    def _publish(self, arrays: Mapping[str, Mapping[str, Any]]) -> None:
        self.record = replace(
            self.record,
            provenance={
                **provenance.provenance(self.machine, sources.digest(self.config.data.name, self.config.data.path)),
                **({"continued": self.continued} if self.continued else {}),
            },
            duration=replace(self.record.duration or RunSeconds(), total=round(time.perf_counter() - self.began, 3)),
        )
        run_folder.publish(self.folder, self.record, arrays)
        self.published = True

    def _keeps_model(self) -> bool:
        """Whether to save the model: for `keep_models=best` only the best so far (saving one takes 25 ms)."""
        if not self.record.completed or self.config.keep_models == "none":
            return False
        best = run_scores.best_model(self.variant.folder)
        other = run_folder.read(best) if best is not None else None
        is_best = other is None or run_scores.score(self.record) > run_scores.score(other)
        return is_best or self.config.keep_models == "all"
