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
    trained, tested = (
        f"{one}, {record['data']['train']:,} training images",
        f"{one}, {record['data']['test']:,} test images",
    )
    seeds = ", ".join(str(record["seed"]) for record in completed.values())
    histories = {f"seed {record['seed']}": pd.read_csv(path / "history.csv") for path, record in completed.items()}
    summary, predictions = _arrays(folder / "weights.npz"), _arrays(folder / "predictions.npz")
    predicted, confidence = predictions["predicted"], predictions["confidence"]
    images, labels = split.test
    pictures = {
        "curves": figures.curves(
            histories, f"{name}, seed{'s' if len(completed) > 1 else ''} {seeds}", _validation(record)
        ),
        "weights": figures.weights(summary, trained),
        "batch_norm": figures.batch_norm(summary, trained),
        "confusion": figures.confusion(labels, predicted, tested),
        "errors": figures.errors(images, labels, predicted, confidence, tested),
    }
    for file, figure in pictures.items():
        if figure is not None:
            _save(figure, variant / "figures" / f"{file}.png")


def _validation(record: dict[str, Any]) -> str:
    kind, count = record["data"]["validation_is"], record["data"]["validation"]
    return {"none": "", "test": "test"}.get(kind, f"validation, {count:,} held-out images")


def _arrays(path: Path) -> dict[str, np.ndarray[Any, Any]]:
    with np.load(path, allow_pickle=False) as archive:
        return dict(archive)


def _save(figure: Figure, path: Path) -> None:
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=DPI)
    path.parent.mkdir(exist_ok=True)
    atomic.write(path, buffer.getvalue())
