"""How much the images of each class count in the training loss."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mnist_sweeps.config.allowed import BALANCED
from mnist_sweeps.config.errors import ConfigError


def class_weights(setting: Any, labels: NDArray[np.uint8], classes: int) -> NDArray[np.float32] | None:
    """The weight of each class, float32 [classes]; None where all count the same.

    Args:
        setting: `training.class_weight`. `balanced` gives images / (classes x images of the class), as scikit-learn's
            `compute_class_weight`; a mapping gives weights by label, and 1 to the others, as Keras's `fit`.
        labels: Of the training images, [n].
        classes: Number of classes.

    Raises:
        ConfigError: a label that the data set does not have.
    """
    if setting is None:
        return None
    if setting == BALANCED:
        counts = np.bincount(labels, minlength=classes)
        return (len(labels) / (classes * np.maximum(counts, 1))).astype(np.float32)
    weights = np.ones(classes, np.float32)
    for label, weight in setting.items():
        if int(label) >= classes:
            raise ConfigError(f"training.class_weight.{label}={weight}: expected labels from 0 to {classes - 1}")
        weights[int(label)] = weight
    return weights
