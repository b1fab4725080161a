"""What run.json and its arrays say of a finished training, read back from what was really built and done."""

from __future__ import annotations

from typing import Any

import numpy as np

from mnist_sweeps import anatomy
from mnist_sweeps.config import Config
from mnist_sweeps.data import Split
from mnist_sweeps.training.trainer import Trained


def counts(config: Config, split: Split) -> dict[str, Any]:
    """The `data` of run.json: how many images, and what the validation is."""
    held = 0 if split.validation is None else len(split.validation.labels)
    kinds = {"none": "none", "test": "test"}
    return {
        "name": config.data.name,
        "train": len(split.train.labels),
        "validation": held,
        "test": len(split.test.labels),
        "validation_is": kinds.get(config.data.validation, "held out"),
        "description": split.description,
    }


def results(trained: Trained, split: Split) -> dict[str, Any]:
    """The part of run.json that training decides."""
    history, labels = trained.history, split.test.labels
    chosen = trained.probabilities[np.arange(len(labels)), labels].astype(np.float64)
    kept = {key: values[trained.kept_epoch - 1] for key, values in history.items()}
    metrics = {
        "test_loss": float(-np.log(np.clip(chosen, 1e-7, 1)).mean()),  # Keras's epsilon
        "test_accuracy": float((trained.probabilities.argmax(axis=1) == labels).mean()),
        "val_loss": kept.get("val_loss"),
        "val_accuracy": kept.get("val_accuracy"),
        "train_loss": kept["loss"],
        "train_accuracy": kept["accuracy"],
        "epochs_run": len(history["loss"]),
        "best_epoch": trained.best_epoch,
    }
    results: dict[str, Any] = {
        "status": "completed" if trained.diverged_at is None else "diverged",
        "metrics": metrics,
        "parameters": anatomy.parameters(trained.model),
        "multiplies": anatomy.multiplies(trained.model),
        "seconds": {"train": round(sum(trained.epoch_seconds), 3), "epochs": trained.epoch_seconds},
        "effective": {"optimizer": trained.optimizer, **anatomy.effective(trained.model)},
    }
    if trained.diverged_at is not None:
        message = f"the training loss was not finite in epoch {trained.diverged_at}"
        results["error"] = {"type": "Diverged", "message": message, "traceback": ""}
    return results


def arrays(trained: Trained) -> dict[str, dict[str, Any]]:
    """What each npz file of the run holds, by its name without `.npz`."""
    predicted = trained.probabilities.argmax(axis=1).astype(np.uint8)
    confidence = trained.probabilities.max(axis=1).astype(np.float16)
    narrow = {} if trained.activations is None else {"activations": {"activation": trained.activations}}
    return {
        "predictions": {"predicted": predicted, "confidence": confidence},
        "weights": trained.weights,
        "preprocessing": dict(trained.examples),
        **narrow,
    }
