"""The run of a config after fewer epochs, in another folder of the sweep, with the state that it kept."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mnist_sweeps.config.schema import Config, RunKey
from mnist_sweeps.storage import run_digest, run_folder
from mnist_sweeps.storage.run_record import RunRecord

CARRIED = ".continue_from"  # in a sweep's folder on a node: what it needs of the folder that `continue_from` names


@dataclass(frozen=True)
class EarlierRun:
    """A run that has ended, and its folder."""

    folder: Path
    record: RunRecord

    @property
    def epochs(self) -> int:
        """How many epochs it was to train."""
        return int(self.record.config["training"]["epochs"])

    def state(self) -> dict[str, NDArray[Any]]:
        """The arrays of its state."""
        with np.load(self.folder / f"{run_folder.STATE}.npz", allow_pickle=False) as archive:
            return dict(archive)


def find(sweep: Path, variant: str, config: Config, run: RunKey) -> EarlierRun | None:
    """The run of equal settings but for fewer epochs whose state was kept; None where there is none.

    Args:
        sweep: The folder of a sweep.
        variant: The name of the variant's folder, in which the run is looked for first.
        config: The config of the variant, with more epochs.
        run: Its seed and fold.
    """
    return next((earlier for earlier in _candidates(sweep, variant, run) if _precedes(earlier, config, run)), None)


def _candidates(sweep: Path, variant: str, run: RunKey) -> Iterator[EarlierRun]:
    variants = [sweep / variant, *sorted(path for path in sweep.glob("*/") if path.name != variant)]
    for folder in (run_folder.folder_of(path, run) for path in variants):
        if (folder / f"{run_folder.STATE}.npz").exists() and (record := run_folder.read(folder)) and record.config:
            yield EarlierRun(folder, record)


def _precedes(earlier: EarlierRun, config: Config, run: RunKey) -> bool:
    if earlier.epochs >= config.training.epochs:
        return False
    shorter = deepcopy(config)
    shorter.training.epochs = earlier.epochs
    undamaged = f"{run_folder.STATE}.npz" not in run_folder.damaged(earlier.folder)
    return run_digest.digest(shorter, run) == earlier.record.digest and undamaged
