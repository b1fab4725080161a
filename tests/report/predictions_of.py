"""Predictions of synthetic runs."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from tests.synthetic_sweep import Sweep


def leave_predictions(sweep: Sweep, name: str, runs: Sequence[Sequence[int]]) -> None:
    """Writes the predicted digits of each run of a row.

    Args:
        sweep: A sweep that has the row.
        name: The row's.
        runs: For each seed the predicted digit of each test image.
    """
    folder = next(variant["folder"] for variant in sweep.variants if variant["name"] == name)
    for seed, digits in enumerate(runs):
        path: Path = sweep.folder / folder / f"seed-{seed}" / "predictions.npz"
        np.savez_compressed(path, allow_pickle=False, predicted=np.array(digits, np.uint8))
