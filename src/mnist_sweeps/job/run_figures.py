"""The figures of a variant, drawn from its run folders."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from mnist_sweeps import figures
from mnist_sweeps.config.schema import Data, RunKey, restore
from mnist_sweeps.data import dataset
from mnist_sweeps.data.dataset import Split
from mnist_sweeps.models import summary
from mnist_sweeps.storage import atomic, png, run_folder
from mnist_sweeps.storage.run_record import ImageCounts, RunRecord

Runs = Mapping[Path, RunRecord]  # the records of completed runs, by folder
Pictures = Iterator[tuple[str, Figure | None]]  # by name; None where it does not apply


@dataclass(frozen=True)
class FigureOptions:
    """Which two digits the figure of a confused pair shows, and by which digit activations are grouped."""

    pair: tuple[int, int] | None = None  # None: the two that are confused most often
    by: str = "true"  # or predicted, as notebook 004 did (line 541)


DEFAULTS = FigureOptions()


def draw(variant: Path, name: str, split: Split, options: FigureOptions = DEFAULTS) -> None:
    """Draws figures/*.png of the completed runs of a variant, and writes model.txt.

    Curves show all runs, the other figures the first; each names its seed and its images. A figure that does not
    apply (any more) is removed.

    Args:
        variant: The variant's folder.
        name: Of the variant, for titles.
        split: The images that the runs were trained and tested on.
        options: What the figures show.
    """
    of_first(variant, name, split, options)
    of_all(variant, name)


def of_first(variant: Path, name: str, split: Split, options: FigureOptions = DEFAULTS) -> None:
    """Draws the figures of the first completed run, and writes model.txt.

    Args:
        variant: The variant's folder.
        name: Of the variant, for titles.
        split: The images that the run was trained and tested on.
        options: What the figures show.
    """
    for folder, record in list(_completed(variant).items())[:1]:
        if lines := summary.lines(record.effective):
            atomic.write(variant / "model.txt", summary.text(lines, record.parameter_counts))
        _save(variant, _of_the_network(folder, record, name))
        _save(variant, _of_the_test(folder, record, name, split, options))


def of_all(variant: Path, name: str) -> None:
    """Draws the figures of all completed runs: the last ones of a job (`run_folder.LAST_PICTURE`).

    Args:
        variant: The variant's folder.
        name: Of the variant, for titles.
    """
    if completed := _completed(variant):
        _save(variant, _of_all(completed, name))


def _save(variant: Path, pictures: Pictures) -> None:
    for file, figure in pictures:
        png.save(figure, variant / "figures" / f"{file}.png")


def redraw(variants: Mapping[str, Path], options: FigureOptions = DEFAULTS) -> None:
    """Draws the figures of several variants again; each data set is read once.

    Args:
        variants: The folders of the variants by name.
        options: What the figures show.

    Raises:
        ConfigError: The digits that the runs were tested on are not available (any more).
    """
    splits: dict[str, Split] = {}
    for name, variant in variants.items():
        if completed := _completed(variant):
            data: Data = restore(next(iter(completed.values())).config).data
            split = splits.get(str(data)) or splits.setdefault(str(data), dataset.load(data))
            draw(variant, name, split, options)


def _completed(variant: Path) -> Runs:
    """In the order of their seeds."""
    return {folder: record for folder, record in run_folder.read_all(variant).items() if record.completed}


def _of_all(completed: Runs, name: str) -> Pictures:
    named = {folder: record.key for folder, record in completed.items()}
    histories = {str(run): pd.read_csv(folder / "history.csv") for folder, run in named.items()}
    validation = _validation(next(iter(completed.values())).counts)
    yield "curves", figures.curves(histories, f"{name}, {_which(list(named.values()))}", validation)


def _of_the_network(folder: Path, record: RunRecord, name: str) -> Pictures:
    trained = f"{name}, {record.key}, {record.n_train:,} training images"
    weights = _arrays(folder / "weights.npz")
    yield "weights", figures.weights(weights, trained)
    yield "batch_norm", figures.batch_norm(weights, trained)
    lines = summary.lines(record.effective)
    title = f"{name}, {summary.counts(record.parameter_counts)}"
    yield "network", figures.network(lines, title) if lines else None
    if not (path := folder / "preprocessing.npz").exists():  # a run of an early version
        return
    examples = _arrays(path)
    first = f"{name}, the first test image of each digit"
    yield (
        "inputs",
        figures.inputs(examples["digit"], examples["seen"], examples["label"], str(examples["shown"]), first),
    )
    chosen = "importance" in examples
    middle = examples["digit"][len(examples["digit"]) // 2]
    fitted = f"{name}, forest of {record.n_train:,} training images"
    yield (
        "pixel_importance",
        figures.pixel_importance(examples["importance"], examples["pixel"], middle, fitted) if chosen else None,
    )


def _of_the_test(folder: Path, record: RunRecord, name: str, split: Split, options: FigureOptions) -> Pictures:
    tested = f"{name}, {record.key}, {record.n_test:,} test images"
    predictions = _arrays(folder / "predictions.npz")
    predicted, confidence = predictions["predicted"], predictions["confidence"]
    images, labels = split.test
    yield "confusion", figures.confusion(labels, predicted, tested)
    yield "confused_pair", figures.confused_pair(images, labels, predicted, tested, options.pair)
    if (path := folder / "activations.npz").exists():
        activations, groups = _arrays(path)["activation"], labels if options.by == "true" else predicted
        by = f"{options.by} digit"
        yield "activation_boxes", figures.activation_boxes(activations, groups, tested, by)
        yield "activation_scatter", figures.activation_scatter(activations, groups, tested, by)
    yield "errors", figures.misclassified(images, labels, predicted, confidence, tested)


def _which(completed: list[RunKey]) -> str:
    """`seed 0`, `seeds 0, 1`, `seeds 0, 1, folds 0, 1, 2`."""
    seeds = sorted({run.seed for run in completed})
    folds = sorted({run.fold for run in completed if run.fold is not None})
    named = [("seed", seeds), ("fold", folds)]
    return ", ".join(f"{word}{'s' * (len(of) > 1)} {', '.join(map(str, of))}" for word, of in named if of)


def _validation(counts: ImageCounts | None) -> str:
    if counts is None or counts.validation_is == "none":
        return ""
    if counts.validation_is == "test":
        return "test"
    which = "images of the fold left out" if counts.validation_is == "fold" else "held-out images"
    return f"validation, {counts.validation:,} {which}"


def _arrays(path: Path) -> dict[str, np.ndarray[Any, Any]]:
    with np.load(path, allow_pickle=False) as archive:
        return dict(archive)
