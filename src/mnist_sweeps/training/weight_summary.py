"""Quantiles and moments of a network's weights: enough to draw violins without the model."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from mnist_sweeps.models import inspection

QUANTILES = np.linspace(0, 1, 2001)


def summary(model: keras.Model, moment: str) -> dict[str, NDArray[Any]]:
    """For every kernel and batch-norm scale, `<layer>/<kernel|gamma>/<moment>/quantiles` float32 [2001]
    and `.../moments` float64 [4] (mean, sd, skew, excess kurtosis); `moment` is initial or trained.

    A separable convolution has a `depthwise_kernel` and a `pointwise_kernel` instead of a `kernel`.
    """
    summaries: dict[str, NDArray[Any]] = {}
    for layer in model.layers:
        for variable in (*inspection.KERNELS, "gamma"):
            if (weight := getattr(layer, variable, None)) is not None:
                values: NDArray[Any] = np.sort(keras.ops.convert_to_numpy(weight), axis=None)
                key = f"{layer.name}/{variable}/{moment}"
                with np.errstate(invalid="ignore", over="ignore"):  # of a diverged network
                    summaries[f"{key}/quantiles"] = _quantiles(values)
                    summaries[f"{key}/moments"] = _moments(values.astype(np.float64))
    return summaries


def _quantiles(values: NDArray[Any]) -> NDArray[Any]:
    """`np.quantile` of sorted values: sorting in float32 and reading off takes half its time (11 ms for 400,000)."""
    if np.isnan(values[-1]):
        return np.full(len(QUANTILES), np.nan, np.float32)
    places = QUANTILES * (len(values) - 1)
    below = places.astype(int)
    low, high = (values[np.minimum(place, len(values) - 1)].astype(np.float64) for place in (below, below + 1))
    quantiles: NDArray[Any] = low + (high - low) * (places - below)
    return quantiles.astype(np.float32)


def _moments(values: NDArray[np.float64]) -> NDArray[np.float64]:
    mean = values.mean()
    centred = values - mean
    squared = centred * centred
    sd = np.sqrt(squared.mean())
    if sd == 0:
        return np.array([mean, sd, 0, 0])
    skew, kurtosis = ((squared * other).mean() for other in (centred, squared))
    return np.array([mean, sd, skew / sd**3, kurtosis / sd**4 - 3])
