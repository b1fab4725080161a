"""Statistics of a kernel's weights, from the summary in a run's weights.npz."""

from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from mnist_sweeps.storage.run_file import UNREADABLE

MOMENTS = ("mean", "sd", "skew", "kurtosis")


def statistic(folder: Path, metric: str) -> float | None:
    """A statistic of trained weights; None if the run has no such kernel or no readable weights.npz.

    Args:
        folder: The folder of the run.
        metric: For example `hidden_1/kernel/sd`, or `output/kernel/positive`, the share of positive weights.
    """
    array, _, name = metric.rpartition("/")
    try:
        with np.load(folder / "weights.npz", allow_pickle=False) as archive:
            if name == "positive":
                return float((archive[f"{array}/trained/quantiles"] > 0).mean())
            return float(archive[f"{array}/trained/moments"][MOMENTS.index(name)])
    except (*UNREADABLE, EOFError, BadZipFile):
        return None
