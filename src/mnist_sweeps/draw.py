"""A variant's pictures, drawn from its run folders."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from mnist_sweeps import atomic, figures, runs
from mnist_sweeps.config import Run
from mnist_sweeps.data import Split

DPI = 120


def draw(variant: Path, name: str, split: Split) -> None:
    """Draws figures/*.png of all completed runs of a variant; each says of which run and split it is."""
    completed = {
        folder: record
        for folder in sorted(variant.glob("seed-*"))
        if (record := runs.read(folder)) and record["status"] == "completed"
    }
    if not completed:
        return
    folder, record = next(iter(completed.items()))
    named = {path: Run(one["seed"], one.get("fold")) for path, one in completed.items()}
    one = f"{name}, {named[folder]}"
    trained, tested = (
        f"{one}, {record['data']['train']:,} training images",
        f"{one}, {record['data']['test']:,} test images",
    )
    histories = {str(run): pd.read_csv(path / "history.csv") for path, run in named.items()}
    summary, predictions = _arrays(folder / "weights.npz"), _arrays(folder / "predictions.npz")
    predicted, confidence = predictions["predicted"], predictions["confidence"]
    images, labels = split.test
    pictures = {
        "curves": figures.curves(histories, f"{name}, {_which(list(named.values()))}", _validation(record)),
        "weights": figures.weights(summary, trained),
        "batch_norm": figures.batch_norm(summary, trained),
        "confusion": figures.confusion(labels, predicted, tested),
        "errors": figures.errors(images, labels, predicted, confidence, tested),
    }
    for file, figure in pictures.items():
        if figure is not None:
            _save(figure, variant / "figures" / f"{file}.png")


def _which(completed: list[Run]) -> str:
    """`seed 0`, `seeds 0, 1`, `seeds 0, 1, folds 0, 1, 2`."""
    seeds = sorted({run.seed for run in completed})
    folds = sorted({run.fold for run in completed if run.fold is not None})
    named = [("seed", seeds), ("fold", folds)]
    return ", ".join(f"{word}{'s' * (len(of) > 1)} {', '.join(map(str, of))}" for word, of in named if of)


def _validation(record: dict[str, Any]) -> str:
    kind, count = record["data"]["validation_is"], record["data"]["validation"]
    known = {"none": "", "test": "test", "fold": f"validation, {count:,} images of the fold left out"}
    return known.get(kind, f"validation, {count:,} held-out images")


def _arrays(path: Path) -> dict[str, np.ndarray[Any, Any]]:
    with np.load(path, allow_pickle=False) as archive:
        return dict(archive)


def _save(figure: Figure, path: Path) -> None:
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=DPI)
    path.parent.mkdir(exist_ok=True)
    atomic.write(path, buffer.getvalue())
