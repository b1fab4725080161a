"""What a violin needs of a network's weights: 2,001 quantiles and four moments, so that no model has to be kept."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

QUANTILES = np.linspace(0, 1, 2001)


def summary(model: keras.Sequential, moment: str) -> dict[str, NDArray[Any]]:
    """For every kernel and batch-norm scale, `<layer>/<kernel|gamma>/<moment>/quantiles` float32 [2001]
    and `.../moments` float64 [4] (mean, sd, skew, excess kurtosis); `moment` is initial or trained.
    """
    found = {}
    for layer in model.layers:
        for variable in ("kernel", "gamma"):
            if (weight := getattr(layer, variable, None)) is not None:
                values = keras.ops.convert_to_numpy(weight).ravel().astype(np.float64)
                key = f"{layer.name}/{variable}/{moment}"
                with np.errstate(invalid="ignore", over="ignore"):  # of a diverged network
                    found[f"{key}/quantiles"] = np.quantile(values, QUANTILES).astype(np.float32)
                    found[f"{key}/moments"] = _moments(values)
    return found


def _moments(values: NDArray[np.float64]) -> NDArray[np.float64]:
    mean, sd = values.mean(), values.std()
    scaled = (values - mean) / (sd if sd > 0 else 1)
    cubed = scaled * scaled * scaled
    return np.array([mean, sd, cubed.mean(), (cubed * scaled).mean() - 3 if sd > 0 else 0])
