"""The arrays that a run kept: what its preprocessing learned, the size of its images, what it predicted."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.config.schema import Config
from mnist_sweeps.data import dataset, preprocessing
from mnist_sweeps.storage.run_record import RunRecord


def arrays(run: Path, name: str) -> dict[str, NDArray[Any]]:
    """The arrays of a npz file of the run; none where a run of an early version has no such file."""
    path = run / f"{name}.npz"
    return dict(np.load(path, allow_pickle=False)) if path.exists() else {}


def image_size(run: Path) -> tuple[int, int]:
    """Height and width of a raw image; 28 x 28 for a run of an early version, which kept none."""
    kept = arrays(run, "preprocessing").get("digit")
    return (28, 28) if kept is None else (int(kept.shape[1]), int(kept.shape[2]))


def learned(run: Path, config: Config, record: RunRecord) -> Mapping[str, NDArray[Any]]:
    """What the preprocessing learned: as the run kept it, else learned once more from the same training images.

    Raises:
        ConfigError: The run did not keep it, as those of version 0.1 did not, and its data are not on this machine.
    """
    kept = arrays(run, "preprocessing")
    name = config.preprocessing["name"]
    if preprocessing.LEARNED.get(name, set()) <= kept.keys():
        return kept
    try:
        split = dataset.load(config.data).leaving_out(record.fold)
    except ConfigError as error:
        raise ConfigError(
            f"export: {run.name} of {record.variant} did not keep its {name}, and it cannot be fitted again: {error}"
        ) from error
    return preprocessing.fit(config.preprocessing, *split.train).learned
