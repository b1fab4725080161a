"""Violins of a row's weights: the densities of each kernel and batch-norm scale, initial and trained."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from mnist_sweeps.report.row import ReportRow
from mnist_sweeps.stats.density import density
from mnist_sweeps.storage.run_file import UNREADABLE

STAGES = ("initial", "trained")
QUARTILES = np.array([0.25, 0.5, 0.75])


def weights(row: ReportRow) -> list[dict[str, Any]]:
    """The layers of a row, in layer order, with the weights of all its runs together; empty without weights.npz.

    Each has `layer`, `variable` (`kernel` or `gamma`) and for `initial` and `trained` a violin: `low` and `high`, the
    `quartiles`, `sd`, and `density` at equally spaced places from low to high, in hundredths of its maximum. Without
    a density all values are equal; None where weights are not finite.
    """
    runs = [arrays for run in row.finished if (arrays := _arrays(row.folder / run.folder / "weights.npz"))]
    names = dict.fromkeys(tuple(key.split("/")[:2]) for run in runs for key in run if key.count("/") == 3)
    return [
        {
            "layer": layer,
            "variable": variable,
            **{stage: _violin(runs, f"{layer}/{variable}/{stage}") for stage in STAGES},
        }
        for layer, variable in names
    ]


def _arrays(path: Path) -> dict[str, NDArray[Any]]:
    try:
        with np.load(path, allow_pickle=False) as archive:
            return dict(archive)
    except (*UNREADABLE, EOFError, BadZipFile):
        return {}


def _violin(runs: Sequence[Mapping[str, NDArray[Any]]], key: str) -> dict[str, Any] | None:
    having = [run for run in runs if f"{key}/quantiles" in run]
    if not having:
        return None
    quantiles = _pooled([np.asarray(run[f"{key}/quantiles"], dtype=np.float64) for run in having])
    if not np.isfinite(quantiles).all():
        return None
    means, sds = np.array([run[f"{key}/moments"][:2] for run in having], dtype=np.float64).T
    sd = float(np.sqrt((sds**2).mean() + means.var()))
    curve = density(quantiles)
    return {
        "low": _rounded(quantiles[0]),
        "high": _rounded(quantiles[-1]),
        "quartiles": [_rounded(value) for value in _quantiles(quantiles, QUARTILES)],
        "sd": _rounded(sd) if math.isfinite(sd) else None,
        "density": None if curve is None else [round(100 * height) for height in curve[1].tolist()],
    }


def _pooled(samples: Sequence[NDArray[np.float64]]) -> NDArray[np.float64]:
    """Equally spaced quantiles of the samples together, as many as one of them has: its density is as smooth."""
    if len(samples) == 1:
        return samples[0]
    return _quantiles(np.sort(np.concatenate(samples)), np.linspace(0, 1, len(samples[0])))


def _quantiles(ordered: NDArray[np.float64], fractions: NDArray[np.float64]) -> NDArray[np.float64]:
    """As `np.quantile`, which takes 20 times as long: it sorts, and looks for equal fractions."""
    return np.interp(fractions * (len(ordered) - 1), np.arange(len(ordered)), ordered)


def _rounded(value: float) -> float:
    return float(f"{value:.4g}")
