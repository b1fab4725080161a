"""An entry of a run's confusion matrix: which share of a class is recognized as another one."""

from __future__ import annotations

from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from mnist_sweeps.config.claim_spec import CONFUSION
from mnist_sweeps.report.local_digits import local_digits
from mnist_sweeps.storage.run_file import UNREADABLE
from mnist_sweeps.storage.run_record import RunRecord


def confusion_value(folder: Path, run: RunRecord, metric: str) -> float | None:
    """The share of the test images of a class that a run recognizes as another.

    None without predictions, images or such a class.

    Args:
        folder: The folder of the run.
        run: The run, whose data is read again for the labels.
        metric: `confusion_8_5`, of the 8s those that are recognized as 5s; classes count from 0.
    """
    match, digits = CONFUSION.fullmatch(metric), local_digits(run.config.get("data") or {})
    if not match or digits is None:
        return None
    true, other = map(int, match.groups())
    try:
        with np.load(folder / "predictions.npz", allow_pickle=False) as archive:
            predicted = archive["predicted"]
    except (*UNREADABLE, EOFError, BadZipFile):
        return None
    of_class = digits.labels == true
    if predicted.shape != of_class.shape or max(true, other) > digits.labels.max():
        return None
    return float((predicted[of_class] == other).mean())
