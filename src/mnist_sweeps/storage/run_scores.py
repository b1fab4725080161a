"""Which runs of a variant are best, and their mean: by validation alone."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from mnist_sweeps.config.schema import Config
from mnist_sweeps.storage.run_folder import MODEL, folder_of, read
from mnist_sweeps.storage.run_record import RunRecord
from mnist_sweeps.storage.variant_folder import read_all


def score(record: RunRecord) -> float:
    """Its validation accuracy, or 0 where there is none to choose by."""
    return record.validation_accuracy or 0.0


def best_model(variant: Path) -> Path | None:
    """The folder of the best run by validation accuracy among those whose models are kept; None without any."""
    scores = {folder: score(record) for folder, record in read_all(variant).items() if (folder / MODEL).exists()}
    return max(sorted(scores), key=scores.__getitem__) if scores else None


def mean_validation_accuracy(config: Config, variant: Path) -> float:
    """Over the completed runs of a variant; nan where there are none, or nothing was held out.

    Args:
        config: It says which runs are the variant's.
        variant: The variant's folder.
    """
    records = [read(folder_of(variant, run)) for run in config.runs]
    accuracies = [record.validation_accuracy for record in records if record and record.completed]
    if not accuracies:
        return float("nan")
    return float(np.mean([np.nan if accuracy is None else accuracy for accuracy in accuracies]))
