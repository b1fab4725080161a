"""Activations of a narrow last hidden layer for each image."""

from __future__ import annotations

import re
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from mnist_sweeps.training.inputs import EVALUATION_BATCH

UNITS = 2  # what a plane can show (notebook 004 has nets of 1 and 2); each unit costs 20 kB on 10,000 images
HIDDEN = re.compile(r"hidden_\d+(_activation)?")


def last_hidden(model: keras.Sequential, inputs: NDArray[np.float32]) -> NDArray[np.float16] | None:
    """Float16 [n_images, units] after the activation; None where the last hidden layer is wider than `UNITS` units.

    Layer by layer, without a separate model: tracing one would cost a second and some megabytes for each run.
    """
    places = [place for place, layer in enumerate(model.layers) if HIDDEN.fullmatch(layer.name)]
    if not places or model.layers[places[-1]].output.shape[-1] > UNITS:
        return None
    batches = [inputs[start : start + EVALUATION_BATCH] for start in range(0, len(inputs), EVALUATION_BATCH)]
    with np.errstate(over="ignore"):  # float16 ends at 65,504; a diverged network does not
        return np.concatenate([_through(model.layers[: places[-1] + 1], batch).astype(np.float16) for batch in batches])


def _through(layers: list[keras.Layer], batch: Any) -> NDArray[np.float32]:
    for layer in layers:
        batch = layer(batch)
    outputs: NDArray[np.float32] = keras.ops.convert_to_numpy(batch)
    return outputs
