"""What run.json and its arrays say of a finished training, read back from what was really built and done."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mnist_sweeps.config.schema import Config
from mnist_sweeps.data.dataset import Split
from mnist_sweeps.data.mnist import DIGIT_NAMES
from mnist_sweeps.models import inspection
from mnist_sweeps.storage import run_folder
from mnist_sweeps.storage.run_parts import ImageCounts, RunError, RunSeconds
from mnist_sweeps.storage.run_record import RunRecord
from mnist_sweeps.training.trained import Trained


def image_counts(config: Config, split: Split) -> ImageCounts:
    """How many images there are, and what the validation is.

    Args:
        config: It says what the validation is.
        split: The images as the run sees them, without the fold that it leaves out.
    """
    kinds = {"none": "none" if split.fold is None else "fold", "test": "test"}
    return ImageCounts(
        name=config.data.name,
        train=len(split.train.labels),
        validation=0 if split.validation is None else len(split.validation.labels),
        test=len(split.test.labels),
        validation_is=kinds.get(config.data.validation, "held out"),
        description=split.description,
        classes=None if split.classes == DIGIT_NAMES else split.classes,
        fold=None if split.fold is None else len(split.fold.labels),
        largest_class=int(np.bincount(split.test.labels).max()),
    )


def with_results(record: RunRecord, trained: Trained, split: Split) -> RunRecord:
    """The record of a run with what its training decides.

    Args:
        record: As it was when the run began.
        trained: What came of the training.
        split: The images as the run saw them, for the digits of the predictions.
    """
    history = trained.history
    kept = {key: values[trained.kept_epoch - 1] for key, values in history.items()}
    metrics = {
        **_scores("test", trained.probabilities, split.test.labels),
        "val_loss": kept.get("val_loss"),
        "val_accuracy": kept.get("val_accuracy"),
        "train_loss": kept["loss"],
        "train_accuracy": kept["accuracy"],
        "epochs_run": len(history["loss"]),
        "best_epoch": trained.best_epoch,
    }
    if split.fold is not None and trained.fold_probabilities is not None:
        metrics |= _scores("fold", trained.fold_probabilities, split.fold.labels)
    if trained.train_probabilities is not None:
        metrics |= _scores("evaluated_train", trained.train_probabilities, split.train.labels)
    for kind, probabilities in trained.corrupted.items():
        metrics |= _scores(kind, probabilities, split.test.labels)
    metrics |= trained.metrics
    diverged = _divergence(trained, metrics)
    return replace(
        record,
        status="completed" if diverged is None else "diverged",
        scores=metrics,
        recall=tuple(recall(trained.probabilities.argmax(axis=1), split.test.labels, len(split.classes))),
        parameter_counts=inspection.parameters(trained.model),
        multiplies=inspection.multiplies(trained.model),
        duration=RunSeconds(round(sum(trained.epoch_seconds), 3), tuple(trained.epoch_seconds)),
        effective={
            "optimizer": trained.optimizer,
            "loss": trained.loss,
            **({"reduce_on_plateau": trained.reduce_on_plateau} if trained.reduce_on_plateau else {}),
            **({} if trained.class_weights is None else {"class_weight": trained.class_weights.tolist()}),
            **({"metrics": list(trained.metric_settings)} if trained.metric_settings else {}),
            **({"augmentation": trained.augmentation} if trained.augmentation else {}),
            **inspection.effective(trained.model),
        },
        pruned_at=trained.pruned_at,
        time_limit_at=trained.time_limit_at,
        failure=None if diverged is None else RunError("Diverged", diverged),
    )


def _divergence(trained: Trained, metrics: Mapping[str, float | None]) -> str | None:
    """Which loss is not finite; None where all are. The last update may spoil weights after a finite training loss."""
    if trained.diverged_at is not None:
        return f"the training loss was not finite in epoch {trained.diverged_at}"
    names = {"val_loss": "validation loss", "fold_loss": "loss on the fold", "test_loss": "test loss"}
    spoiled = (name for key, name in names.items() if not math.isfinite(metrics.get(key) or 0.0))
    return next((f"the {name} after the last update is not finite" for name in spoiled), None)


def _scores(part: str, probabilities: NDArray[np.float32], labels: NDArray[np.uint8]) -> dict[str, float]:
    """`test_loss` and `test_accuracy` of probabilities [n, classes]."""
    chosen = probabilities[np.arange(len(labels)), labels].astype(np.float64)
    loss = float(-np.log(np.clip(chosen, 1e-7, 1)).mean())  # Keras's epsilon
    return {f"{part}_loss": loss, f"{part}_accuracy": float((probabilities.argmax(axis=1) == labels).mean())}


def recall(predicted: NDArray[Any], labels: NDArray[Any], classes: int = 10) -> list[float | None]:
    """The share of each class's images that are recognized; None for a class that has no images.

    Args:
        predicted: Labels [n].
        labels: Labels [n].
        classes: Number of classes; labels count from 0.
    """
    correct = [predicted[labels == label] == label for label in range(classes)]
    return [float(of_class.mean()) if of_class.size else None for of_class in correct]


def arrays(trained: Trained) -> dict[str, dict[str, Any]]:
    """What each npz file of the run holds, by its name without `.npz`."""
    predicted = trained.probabilities.argmax(axis=1).astype(np.uint8)
    confidence = trained.probabilities.max(axis=1).astype(np.float16)
    activations = {} if trained.activations is None else {"activations": {"activation": trained.activations}}
    return {
        "predictions": {"predicted": predicted, "confidence": confidence},
        "weights": trained.weights,
        "preprocessing": dict(trained.examples),
        **activations,
        **({} if trained.state is None else {run_folder.STATE: trained.state.to_arrays()}),
    }
