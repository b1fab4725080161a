"""A variant's pictures, drawn from its run folders."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from mnist_sweeps import atomic, figures, runs
from mnist_sweeps.data import Split

DPI = 120


def draw(variant: Path, name: str, split: Split) -> None:
    """Draws figures/*.png of all completed runs of a variant; each says of which seed and split it is."""
    completed = {
        folder: record
        for folder in sorted(variant.glob("seed-*"))
        if (record := runs.read(folder)) and record["status"] == "completed"
    }
    if not completed:
        return
    folder, record = next(iter(completed.items()))
    one = f"{name}, seed {record['seed']}"
    summary = _arrays(folder / "weights.npz")
    predicted = _arrays(folder / "predictions.npz")
    true, test = split.test.labels, f"{len(split.test.labels):,} test images"
    histories = {f"seed {record['seed']}": pd.read_csv(path / "history.csv") for path, record in completed.items()}
    _save(figures.curves(histories, name, _validation(record)), variant, "curves")
    _save(figures.weights(summary, one), variant, "weights")
    _save(figures.batch_norm(summary, one), variant, "batch_norm")
    _save(figures.confusion(true, predicted["predicted"], f"{one}, {test}"), variant, "confusion")
    _save(
        figures.errors(split.test.images, true, predicted["predicted"], predicted["confidence"], f"{one}, {test}"),
        variant,
        "errors",
    )


def _validation(record: dict[str, Any]) -> str:
    kind, count = record["data"]["validation_is"], record["data"]["validation"]
    return {"none": "", "test": "test"}.get(kind, f"validation, {count:,} held-out images")


def _arrays(path: Path) -> dict[str, np.ndarray[Any, Any]]:
    with np.load(path, allow_pickle=False) as archive:
        return dict(archive)


def _save(figure: Figure | None, variant: Path, name: str) -> None:
    if figure is None:
        return
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=DPI)
    (variant / "figures").mkdir(exist_ok=True)
    atomic.write(variant / "figures" / f"{name}.png", buffer.getvalue())
