"""Activations of a narrow last hidden layer for each image."""

from __future__ import annotations

import re

import keras
import numpy as np
from numpy.typing import NDArray

from mnist_sweeps.training.inputs import EVALUATION_BATCH

UNITS = 2  # what a plane can show (notebook 004 has nets of 1 and 2); each unit costs 20 kB on 10,000 images
HIDDEN = re.compile(r"hidden_\d+(_activation)?")


def last_hidden(model: keras.Model, inputs: NDArray[np.float32]) -> NDArray[np.float16] | None:
    """Float16 [n_images, units] after the activation; None where the last hidden layer is wider than `UNITS` units.

    Without `predict`: tracing a separate model would cost a second and some megabytes for each run.
    """
    hidden = [layer for layer in model.layers if HIDDEN.fullmatch(layer.name)]
    if not hidden or hidden[-1].output.shape[-1] > UNITS:
        return None
    through = keras.Function(model.inputs, hidden[-1].output)
    batches = [inputs[start : start + EVALUATION_BATCH] for start in range(0, len(inputs), EVALUATION_BATCH)]
    with np.errstate(over="ignore"):  # float16 ends at 65,504; a diverged network does not
        outputs = [keras.ops.convert_to_numpy(through([batch])) for batch in batches]
        return np.concatenate([output.astype(np.float16) for output in outputs])
