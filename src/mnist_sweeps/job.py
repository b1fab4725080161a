"""One job is one row of the table: config -> data -> model -> train -> run folders -> figures."""

from __future__ import annotations

import time
import traceback
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from mnist_sweeps import data, digits, draw, identity, provenance, records, runs
from mnist_sweeps.checks import check
from mnist_sweeps.config import Config
from mnist_sweeps.data import Split
from mnist_sweeps.device import Machine
from mnist_sweeps.training import arrays
from mnist_sweeps.training.trainer import Trainer


@dataclass(frozen=True)
class Variant:
    """A row of the table and where its runs go."""

    sweep: str
    name: str
    folder: Path


def run_job(config: Config, variant: Variant, machine: Machine) -> float:
    """Mean validation accuracy of the variant's completed runs, after training each run that is not there yet.

    nan where none completed or nothing was held out. A run that fails is recorded in its folder and costs no other.

    Raises:
        ConfigError: the data or the preprocessing cannot be had; nothing was trained.
    """
    check(config)
    split = data.load(config.data)
    variant.folder.mkdir(parents=True, exist_ok=True)
    if missing := runs.unfinished(config, variant.folder):
        trainer = Trainer(config, arrays.prepare(config, split), machine.engine)
        for seed in missing:
            _claim_and_train(trainer, config, seed, variant, split, machine)
    _keep_models(config.keep_models, variant.folder)
    draw.draw(variant.folder, variant.name, split)
    return runs.mean_validation_accuracy(config, variant.folder)


def _claim_and_train(
    trainer: Trainer, config: Config, seed: int, variant: Variant, split: Split, machine: Machine
) -> None:
    folder = runs.folder_of(variant.folder, seed)
    if names := runs.damaged(folder):
        print(f"{variant.name}, seed {seed}: damaged, and trained again: {', '.join(names)}", flush=True)
    try:
        with runs.claim(folder):
            if not runs.completed(folder, identity.digest(config, seed)):  # another command may have been faster
                _train(trainer, config, seed, variant, split, machine)
    except runs.Claimed:
        print(f"{variant.name}, seed {seed}: left to another command, which is training it", flush=True)


def _train(trainer: Trainer, config: Config, seed: int, variant: Variant, split: Split, machine: Machine) -> None:
    """Trains a run whose folder is claimed, and publishes what came of it."""
    folder = runs.folder_of(variant.folder, seed)
    record: dict[str, Any] = {
        "status": "failed", "sweep": variant.sweep, "variant": variant.name, "seed": seed, "fold": None,
        "digest": identity.digest(config, seed), "config": asdict(config), "data": records.counts(config, split),
    }  # fmt: skip
    began = time.perf_counter()
    runs.begin(folder, record)
    files: dict[str, Any] = {}
    try:
        trained = trainer.train(seed, lambda epoch, logs: runs.append_epoch(folder, epoch, logs))
        record |= records.results(trained, split)
        files = records.arrays(trained)
        if config.keep_models != "none" and trained.diverged_at is None:
            trained.model.save(folder / runs.MODEL)
    except KeyboardInterrupt:
        record["status"] = "interrupted"
        raise
    except Exception as error:
        record["status"] = "failed"
        record["error"] = {"type": type(error).__name__, "message": str(error), "traceback": traceback.format_exc()}
        traceback.print_exc()
        (folder / runs.MODEL).unlink(missing_ok=True)  # it may be cut short
    finally:
        record["provenance"] = provenance.provenance(machine, digits.digest(config.data.name))
        record.setdefault("seconds", {})["total"] = round(time.perf_counter() - began, 3)
        runs.publish(folder, record, files)


def _keep_models(keep: str, folder: Path) -> None:
    """Deletes the models that were not asked for: `best` keeps the one with the highest validation accuracy."""
    if keep != "best":
        return
    saved = sorted(folder.glob(f"seed-*/{runs.MODEL}"))
    scores = [(runs.read(path.parent) or {}).get("metrics", {}).get("val_accuracy") or 0.0 for path in saved]
    for path in saved:
        if path != saved[int(np.argmax(scores))]:
            path.unlink()
