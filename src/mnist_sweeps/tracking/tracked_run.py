"""A run as trackers take it, from its folder: names, settings, metrics, epochs and times."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from mnist_sweeps.config.dotted_keys import flat
from mnist_sweeps.config.sweep_spec import SWEEP_WIDE
from mnist_sweeps.storage import run_folder
from mnist_sweeps.storage.read_runs import HISTORY, read_history
from mnist_sweeps.storage.run_file import NAME
from mnist_sweeps.storage.run_record import RunRecord
from mnist_sweeps.storage.sweep_file import read_sweep_file

ON = ("backend", "engine", "device", "threads")  # of the provenance: what the run was trained on


@dataclass(frozen=True)
class TrackedRun:
    """A run that has ended.

    Attributes:
        variant: The variant's name.
        folder: The run's folder.
        record: Its run.json, with the epochs of its history.csv.
    """

    variant: str
    folder: Path
    record: RunRecord

    @property
    def name(self) -> str:
        """`plain, seed 3`."""
        return f"{self.variant}, {self.record.key}"

    @property
    def place(self) -> str:
        """Its folder inside of the sweep's: `plain/seed-3`."""
        return f"{self.folder.parent.name}/{self.folder.name}"

    @property
    def mark(self) -> str:
        """16 hexadecimal digits that are others once the run was trained again."""
        return hashlib.sha256((self.folder / NAME).read_bytes()).hexdigest()[:16]

    @property
    def settings(self) -> dict[str, Any]:
        """Variant, seed, what was asked for by dotted keys (`model.dropout`), and what it was trained on."""
        asked = {key: value for key, value in flat(self.record.config).items() if key not in (*SWEEP_WIDE, "seeds")}
        on = {key: self.record.provenance[key] for key in ON if key in self.record.provenance}
        fold = {} if self.record.fold is None else {"fold": self.record.fold}
        return {"variant": self.variant, "seed": self.record.seed, **fold, **asked, **on}

    @property
    def epochs(self) -> list[dict[str, float]]:
        """The metrics of each epoch, named as Keras's TensorBoard callback does: `epoch_val_loss`."""
        return [
            {f"epoch_{name}": value for name, value in zip(HISTORY[1:], values[1:], strict=True) if value is not None}
            for values in self.record.history
        ]

    @property
    def ended(self) -> float:
        """When it ended, in seconds since 1970."""
        time = self.record.provenance.get("time")
        return datetime.fromisoformat(time).timestamp() if time else (self.folder / NAME).stat().st_mtime

    @property
    def began(self) -> float:
        """When it began, in seconds since 1970."""
        return self.ended - (self.record.seconds or 0.0)

    @property
    def epoch_times(self) -> list[float]:
        """When each epoch ended, in seconds since 1970: all of the run's time is shared equally among them."""
        count = len(self.record.history)
        return [self.began + (self.ended - self.began) * (epoch + 1) / count for epoch in range(count)]


def tracked_run(variant: str, folder: Path) -> TrackedRun | None:
    """The run in a folder; None where none has ended there.

    Args:
        variant: The variant's name.
        folder: The run's folder.
    """
    record = run_folder.read(folder)
    if record is None:
        return None
    try:
        history = read_history(folder / "history.csv")
    except (OSError, ValueError):  # of a run that was killed: it has none, or half a line
        history = ()
    return TrackedRun(variant, folder, replace(record, history=history))


def tracked_runs(sweep: Path) -> list[TrackedRun]:
    """Every run of a sweep that has ended, in the order of sweep.yaml.

    Raises:
        OSError: There is no sweep in the folder.
        ValueError: Its sweep.yaml is not one.
    """
    variants = [variant for variant in read_sweep_file(sweep).variants if variant.same_as is None]
    runs = (
        tracked_run(variant.name, run_folder.folder_of(sweep / variant.folder, run))
        for variant in variants
        for run in variant.runs
    )
    return [run for run in runs if run is not None]
