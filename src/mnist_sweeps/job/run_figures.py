"""The figures of a variant, drawn from its run folders."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from mnist_sweeps import figures
from mnist_sweeps.config.schema import Data, RunKey, restore
from mnist_sweeps.data import dataset
from mnist_sweeps.data.dataset import Split
from mnist_sweeps.figures.class_names import DIGITS, word
from mnist_sweeps.storage import atomic, model_summary, picture, variant_folder
from mnist_sweeps.storage.read_runs import HISTORY, read_history
from mnist_sweeps.storage.run_parts import ImageCounts
from mnist_sweeps.storage.run_record import RunRecord

Runs = Mapping[Path, RunRecord]  # the records of completed runs, by folder
Pictures = Iterator[tuple[str, Figure | None]]  # by name; None where it does not apply


@dataclass(frozen=True)
class FigureOptions:
    """Which two digits the figure of a confused pair shows, by which digit activations are grouped, and the format."""

    pair: tuple[int, int] | None = None  # None: the two that are confused most often
    by: str = "true"  # or predicted, as notebook 004 did (line 541)
    form: str = "png"  # or svg


DEFAULTS = FigureOptions()


def draw_default(variant: Path, name: str) -> None:
    """Draws what every variant has, and writes model.txt: the weights of the first completed run, then the curves.

    The page, report.html, draws the rest from the run folders; `redraw` draws it as files.

    Args:
        variant: The variant's folder.
        name: Of the variant, for titles.
    """
    completed = _completed(variant)
    for folder, record in list(completed.items())[:1]:
        if lines := model_summary.lines(record.effective):
            atomic.write(variant / "model.txt", model_summary.text(lines, record.parameter_counts))
        _save(variant, "png", [("weights", _weights(folder, record, name))])
    if completed:
        _save(variant, "png", [("curves", _curves(completed, name))])


def _save(variant: Path, form: str, pictures: Iterable[tuple[str, Figure | None]]) -> None:
    for file, figure in pictures:
        picture.save(figure, variant / "figures" / f"{file}.{form}")


def redraw(variants: Mapping[str, Path], options: FigureOptions = DEFAULTS) -> None:
    """Draws all figures of several variants; each data set is read once.

    Curves show all runs, the other figures the first completed one; each names its seed and its images. A figure that
    does not apply (any more) is removed.

    Args:
        variants: The folders of the variants by name.
        options: What the figures show, and the format of the files.

    Raises:
        ConfigError: The digits that the runs were tested on are not available (any more).
    """
    splits: dict[str, Split] = {}
    for name, variant in variants.items():
        if completed := _completed(variant):
            folder, record = next(iter(completed.items()))
            data: Data = restore(record.config).data
            split = splits.get(str(data)) or splits.setdefault(str(data), dataset.load(data))
            for pictures in (_of_the_network(folder, record, name), _of_the_test(folder, record, name, split, options)):
                _save(variant, options.form, pictures)
            _save(variant, options.form, [("curves", _curves(completed, name))])


def _completed(variant: Path) -> Runs:
    """In the order of their seeds."""
    return {folder: record for folder, record in variant_folder.read_all(variant).items() if record.completed}


def _curves(completed: Runs, name: str) -> Figure:
    named = {folder: record.key for folder, record in completed.items()}
    histories = {str(run): _history(folder) for folder, run in named.items()}
    validation = _validation(next(iter(completed.values())).counts)
    return figures.curves(histories, f"{name}, {_which(list(named.values()))}", validation)


def _history(folder: Path) -> dict[str, NDArray[np.float64]]:
    """The columns of a run's history.csv; NaN where a value was not measured."""
    epochs = np.array(read_history(folder / "history.csv"), dtype=np.float64).reshape(-1, len(HISTORY))
    return dict(zip(HISTORY, epochs.T, strict=True))


def _weights(folder: Path, record: RunRecord, name: str) -> Figure:
    return figures.weights(_arrays(folder / "weights.npz"), _trained(record, name))


def _trained(record: RunRecord, name: str) -> str:
    return f"{name}, {record.key}, {record.n_train:,} training images"


def _of_the_network(folder: Path, record: RunRecord, name: str) -> Pictures:
    yield "weights", _weights(folder, record, name)
    yield "batch_norm", figures.batch_norm(_arrays(folder / "weights.npz"), _trained(record, name))
    lines = model_summary.lines(record.effective)
    title = f"{name}, {model_summary.counts(record.parameter_counts)}"
    yield "network", figures.network(lines, title) if lines else None
    if not (path := folder / "preprocessing.npz").exists():  # a run of an early version
        return
    examples = _arrays(path)
    names = np.array(_classes(record))
    first = f"{name}, the first test image of each {word(_classes(record))}"
    yield (
        "inputs",
        figures.inputs(examples["digit"], examples["seen"], names[examples["label"]], str(examples["shown"]), first),
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
    classes = split.classes
    yield "confusion", figures.confusion(labels, predicted, tested, classes)
    yield "confused_pair", figures.confused_pair(images, labels, predicted, tested, options.pair, classes)
    if (path := folder / "activations.npz").exists():
        activations, groups = _arrays(path)["activation"], labels if options.by == "true" else predicted
        yield "activation_boxes", figures.activation_boxes(activations, groups, tested, options.by, classes)
        yield "activation_scatter", figures.activation_scatter(activations, groups, tested, options.by, classes)
    yield "errors", figures.misclassified(images, labels, predicted, confidence, tested, classes)


def _classes(record: RunRecord) -> tuple[str, ...]:
    return (record.counts and record.counts.classes) or DIGITS


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
