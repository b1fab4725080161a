"""Statistics of a kernel's weights, from the summary in a run's weights.npz."""

from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from mnist_sweeps.stats.density import density
from mnist_sweeps.storage.run_file import UNREADABLE

MOMENTS = ("mean", "sd", "skew", "kurtosis")
PROMINENCE = 0.05  # of a peak above the valleys next to it, relative to the highest peak: visible in a violin


def statistic(folder: Path, metric: str) -> float | None:
    """A statistic of trained weights; None if the run has no such kernel or no readable weights.npz.

    Args:
        folder: The folder of the run.
        metric: For example `hidden_1/kernel/sd`, `output/kernel/positive`, the share of positive weights, or
            `output/kernel/peaks`.
    """
    array, _, name = metric.rpartition("/")
    try:
        with np.load(folder / "weights.npz", allow_pickle=False) as archive:
            if name == "positive":
                return float((archive[f"{array}/trained/quantiles"] > 0).mean())
            if name == "peaks":
                return _peaks(archive[f"{array}/trained/quantiles"])
            return float(archive[f"{array}/trained/moments"][MOMENTS.index(name)])
    except (*UNREADABLE, EOFError, BadZipFile):
        return None


def _peaks(quantiles: NDArray[np.float32]) -> float | None:
    """Number of peaks of the density that a violin shows, those with a prominence of `PROMINENCE` or more."""
    from scipy.signal import find_peaks  # 0.2 s to import, for few claims

    curve = density(quantiles.astype(np.float64))
    return None if curve is None else float(len(find_peaks(curve[1], prominence=PROMINENCE)[0]))
