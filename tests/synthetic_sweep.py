"""Synthetic sweeps: the folders that a sweep leaves, without any training."""

import io
import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray

from mnist_sweeps.config.schema import Config, Data

START = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
DATA = "mnist 60,000 / 10,000"
QUANTILES = np.linspace(0, 1, 2001)


class Sweep:
    """Collects rows; `save` writes sweep.yaml, `run` a run folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.folder.mkdir(exist_ok=True)
        self.plan: dict[str, Any] = {"sweep": "small", "question": "Which is best?", "data": DATA}
        self.plan |= {"command": "mnist-sweeps sweep=small", "made": START.isoformat()}
        self.plan |= {"baseline": None, "margin": 0.2, "reference": None}
        self.variants: list[dict[str, Any]] = []
        self.trained = 0

    def row(self, name: str, accuracies: Sequence[float] = (), seeds: int | None = None, **more: Any) -> None:
        """A planned row, and a completed run for each of its test accuracies."""
        known = {"folder": name.replace("/", "-")[:60], "compared_with": None, "changes": [], "same_as": None}
        known |= {"folds": None}
        known |= {key: more.pop(key) for key in known if key in more}
        count = len(accuracies) if seeds is None else seeds
        self.variants.append({"name": name, "overrides": {}, "seeds": list(range(count))} | known)
        for seed, accuracy in enumerate(accuracies):
            self.run(known["folder"], seed, accuracy, **more)

    def fold_row(self, name: str, *seeds: Sequence[float], **more: Any) -> None:
        """A planned row with folds, and a completed run for each accuracy on a fold, seed by seed."""
        self.row(name, seeds=len(seeds), folds=len(seeds[0]), **more)
        for seed, scores in enumerate(seeds):
            for fold, score in enumerate(scores):
                self.run(self.variants[-1]["folder"], seed, score - 0.02, fold, metrics={"fold_accuracy": score})

    def run(self, folder: str, seed: int, accuracy: float = 0.9, fold: int | None = None, **changed: Any) -> Path:
        """A run folder; `changed` replaces entries of run.json, `metrics` and `provenance` are merged."""
        self.trained += 1
        path = self.folder / folder / (f"seed-{seed}" if fold is None else f"seed-{seed}-fold-{fold}")
        path.mkdir(parents=True)
        ended = (START + timedelta(seconds=60 * self.trained)).isoformat()
        metrics = {"test_accuracy": accuracy, "test_loss": 0.05 + seed / 1000 + self.trained / 1e6}
        metrics |= {"val_accuracy": accuracy - 0.01, "val_loss": 0.06, "epochs_run": 20}
        metrics |= {"train_accuracy": 0.99, "train_loss": 0.01}
        provenance = {
            "versions": {"keras": "3.15.1"},
            "git": {"commit": "1a2b3c4d5e", "dirty": False},
            "time": ended,
        }
        provenance |= {"backend": "jax", "engine": "compiled", "device": "cpu", "threads": 2}
        layers = [("Dense", "hidden_1"), ("BatchNormalization", "hidden_1_batch_norm")]
        layers += [("Dense", "hidden_2"), ("Dropout", "hidden_2_dropout"), ("Dense", "output")]
        written = {
            "status": "completed",
            "seed": seed,
            "fold": fold,
            "metrics": metrics | changed.pop("metrics", {}),
            "parameters": {"total": 537_354, "trainable": 535_818, "non_trainable": 1_536},
            "seconds": {"train": 50.0, "total": 60.0, "epochs": [2.5] * 20},
            "effective": {"layers": [{"class": kind, "name": name} for kind, name in layers]},
            "data": {
                "name": "mnist",
                "train": 50_000,
                "test": 10_000,
                "validation_is": "held out",
                "description": DATA,
            },
            "provenance": provenance | changed.pop("provenance", {}),
            "error": None,
        } | changed
        if fold is not None:
            written["data"] |= {"train": 36_667, "fold": 18_333}
        epochs = ["epoch,loss,accuracy,val_loss,val_accuracy", "1,0.5,0.8,0.4,0.85", "2,0.25,0.9,,"]
        (path / "history.csv").write_text("\n".join(epochs) + "\n")
        (path / "run.json").write_text(json.dumps(written))
        return path

    def save(self) -> Path:
        """The folder, after sweep.yaml is written."""
        text = yaml.safe_dump(self.plan | {"variants": self.variants}, sort_keys=False)
        (self.folder / "sweep.yaml").write_text(text)
        return self.folder


def full_row(sweep: Sweep, name: str, accuracies: Sequence[float], labels: NDArray[Any], **more: Any) -> None:
    """A row whose runs have weights, predictions of `labels`, a config, and ten epochs."""
    random = np.random.default_rng(len(sweep.variants))
    config = asdict(Config(data=Data(test_size=len(labels))))
    config["model"]["hidden"] = more.pop("hidden", [512, 256])
    sweep.row(name, accuracies, config=config, **more)
    for seed, accuracy in enumerate(accuracies):
        run = sweep.folder / sweep.variants[-1]["folder"] / f"seed-{seed}"
        (run / "weights.npz").write_bytes(_weights(len(sweep.variants) % 8))
        _leave_predictions(run, labels, accuracy, random)
        lines = ["epoch,loss,accuracy,val_loss,val_accuracy"]
        for epoch in range(1, 11):
            error = (1 - accuracy) * (1 + 3 / epoch) + 0.002 * seed
            lines.append(f"{epoch},{3 * error},{1 - 1.2 * error},{3.1 * error},{1 - error}")
        (run / "history.csv").write_text("\n".join(lines) + "\n")


@cache
def _weights(kind: int) -> bytes:
    """A weights.npz of a network with one hidden layer; there are a few kinds, since one takes 50 ms to make."""
    random = np.random.default_rng(kind)
    arrays = {}
    for layer, variable in (("hidden_1", "kernel"), ("hidden_1_batch_norm", "gamma"), ("output", "kernel")):
        for stage in ("initial", "trained"):
            values = np.quantile(random.normal(0, random.uniform(0.1, 0.3), 5000), QUANTILES)
            if variable == "gamma" and stage == "initial":
                values = np.ones(2001)
            arrays[f"{layer}/{variable}/{stage}/quantiles"] = values.astype(np.float32)
            arrays[f"{layer}/{variable}/{stage}/moments"] = np.array([values.mean(), values.std(), 0, 0])
    buffer = io.BytesIO()
    np.savez_compressed(buffer, allow_pickle=False, **arrays)
    return buffer.getvalue()


def _leave_predictions(run: Path, labels: NDArray[Any], accuracy: float, random: np.random.Generator) -> None:
    wrong = random.random(len(labels)) > accuracy
    predicted = np.where(wrong, (labels + random.integers(1, 10, len(labels))) % 10, labels).astype(np.uint8)
    confidence = np.ones(len(labels), np.float16)
    np.savez_compressed(run / "predictions.npz", allow_pickle=False, predicted=predicted, confidence=confidence)
