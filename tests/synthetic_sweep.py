"""Synthetic sweeps: the folders that a sweep leaves, without any training."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

START = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
DATA = "mnist 60,000 / 10,000"


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
