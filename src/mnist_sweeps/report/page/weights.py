"""Violins of a row's weights: the densities of each kernel and batch-norm scale, initial and trained."""

from __future__ import annotations

import math
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from mnist_sweeps.figures.density import density
from mnist_sweeps.report.row import ReportRow
from mnist_sweeps.storage.run_record import UNREADABLE

STAGES = ("initial", "trained")


def weights(row: ReportRow) -> list[dict[str, Any]]:
    """The layers of the row's first completed run, in layer order; empty without readable weights.npz.

    Each has `layer`, `variable` (`kernel` or `gamma`) and for `initial` and `trained` a violin: `low` and `high`, the
    `quartiles`, `sd`, and `density` at equally spaced places from low to high, in hundredths of its maximum. Without
    a density all values are equal; None where weights are not finite.
    """
    run = next(iter(row.finished), None)
    if run is None:
        return []
    try:
        with np.load(row.folder / run.folder / "weights.npz", allow_pickle=False) as archive:
            arrays = dict(archive)
    except (*UNREADABLE, EOFError, BadZipFile):
        return []
    names = dict.fromkeys(tuple(key.split("/")[:2]) for key in arrays if key.count("/") == 3)
    return [
        {
            "layer": layer,
            "variable": variable,
            **{stage: _violin(arrays, f"{layer}/{variable}/{stage}") for stage in STAGES},
        }
        for layer, variable in names
    ]


def _violin(arrays: dict[str, NDArray[Any]], key: str) -> dict[str, Any] | None:
    if f"{key}/quantiles" not in arrays:
        return None
    quantiles = np.asarray(arrays[f"{key}/quantiles"], dtype=np.float64)
    if not np.isfinite(quantiles).all():
        return None
    sd = float(arrays[f"{key}/moments"][1])
    curve = density(quantiles)
    return {
        "low": _rounded(quantiles[0]),
        "high": _rounded(quantiles[-1]),
        "quartiles": [_rounded(value) for value in np.quantile(quantiles, [0.25, 0.5, 0.75])],
        "sd": _rounded(sd) if math.isfinite(sd) else None,
        "density": None if curve is None else [round(100 * height) for height in curve[1].tolist()],
    }


def _rounded(value: float) -> float:
    return float(f"{value:.4g}")
