"""An entry of a run's confusion matrix: which share of a class is recognized as another one."""

from __future__ import annotations

from pathlib import Path

from mnist_sweeps.config.claim_spec import CONFUSION
from mnist_sweeps.data.mnist import Digits
from mnist_sweeps.report.predicted_labels import predicted_labels


def confusion_value(folder: Path, digits: Digits | None, metric: str) -> float | None:
    """The share of the test images of a class that a run recognizes as another.

    None without predictions, images or such a class.

    Args:
        folder: The folder of the run.
        digits: Its test images; None if they are not on this machine.
        metric: `confusion_8_5`, of the 8s those that are recognized as 5s; classes count from 0.
    """
    match = CONFUSION.fullmatch(metric)
    if not match or digits is None:
        return None
    true, other = map(int, match.groups())
    predicted, of_class = predicted_labels(folder), digits.labels == true
    if predicted is None or predicted.shape != of_class.shape or max(true, other) > digits.labels.max():
        return None
    return float((predicted[of_class] == other).mean())
