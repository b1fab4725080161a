"""The labels that a run predicted for its test images."""

from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from mnist_sweeps.storage.run_file import UNREADABLE


def predicted_labels(folder: Path) -> NDArray[Any] | None:
    """The labels [images] in the predictions.npz of a run's folder; None if it has no readable one."""
    try:
        with np.load(folder / "predictions.npz", allow_pickle=False) as archive:
            labels: NDArray[Any] = archive["predicted"]
            return labels
    except (*UNREADABLE, EOFError, BadZipFile):
        return None
