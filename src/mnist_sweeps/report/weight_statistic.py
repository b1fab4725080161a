"""Numbers of a kernel's weights, from the summary that a run keeps of them."""

from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from mnist_sweeps.storage.run_record import UNREADABLE

MOMENTS = ("mean", "sd", "skew", "kurtosis")


def statistic(folder: Path, metric: str) -> float | None:
    """One number of trained weights, by a metric like `hidden_1/kernel/sd` or `output/kernel/positive` (their share).

    None where the run in `folder` has no such kernel, or no readable weights.npz.
    """
    array, _, name = metric.rpartition("/")
    try:
        with np.load(folder / "weights.npz", allow_pickle=False) as archive:
            if name == "positive":
                return float((archive[f"{array}/trained/quantiles"] > 0).mean())
            return float(archive[f"{array}/trained/moments"][MOMENTS.index(name)])
    except (*UNREADABLE, EOFError, BadZipFile):
        return None
