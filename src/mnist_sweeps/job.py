"""One job is one row of the table: config -> data -> model -> train -> run folders -> figures."""

from __future__ import annotations

import time
import traceback
from dataclasses import asdict, dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np

from mnist_sweeps import data, digits, draw, identity, provenance, records, runs
from mnist_sweeps.checks import check
from mnist_sweeps.config import Config, Run
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
    trainer: Trainer | None = None
    for fold, missing in groupby(runs.unfinished(config, variant.folder), key=lambda run: run.fold):
        seen = split.leaving_out(fold)
        prepared = arrays.prepare(config, seen)
        if trainer is not None and trainer.arrays.shape == prepared.shape:
            trainer.take(prepared)
        else:  # the first; or a PCA that keeps more components of this fold
            trainer = Trainer(config, prepared, machine.engine)
        for run in missing:
            _claim_and_train(trainer, config, run, variant, seen, machine)
    _keep_models(config.keep_models, variant.folder)
    draw.draw(variant.folder, variant.name, split)
    return runs.mean_validation_accuracy(config, variant.folder)


def _claim_and_train(
    trainer: Trainer, config: Config, run: Run, variant: Variant, split: Split, machine: Machine
) -> None:
    folder = runs.folder_of(variant.folder, run)
    if names := runs.damaged(folder):
        print(f"{variant.name}, {run}: damaged, and trained again: {', '.join(names)}", flush=True)
    try:
        with runs.claim(folder):
            if not runs.completed(folder, identity.digest(config, run)):  # another command may have been faster
                _train(trainer, config, run, variant, split, machine)
    except runs.Claimed:
        print(f"{variant.name}, {run}: left to another command, which is training it", flush=True)


def _train(trainer: Trainer, config: Config, run: Run, variant: Variant, split: Split, machine: Machine) -> None:
    """Trains a run whose folder is claimed, and publishes what came of it."""
    folder = runs.folder_of(variant.folder, run)
    record: dict[str, Any] = {
        "status": "failed", "sweep": variant.sweep, "variant": variant.name, **run._asdict(),
        "digest": identity.digest(config, run), "config": asdict(config), "data": records.counts(config, split),
    }  # fmt: skip
    began = time.perf_counter()
    runs.begin(folder, record)
    files: dict[str, Any] = {}
    try:
        trained = trainer.train(run.seed, lambda epoch, logs: runs.append_epoch(folder, epoch, logs))
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
    """Deletes the models that were not asked for: `best` keeps the one that is chosen by `runs.validation_accuracy`."""
    if keep != "best":
        return
    saved = sorted(folder.glob(f"seed-*/{runs.MODEL}"))
    records = [runs.read(path.parent) for path in saved]
    scores = [(runs.validation_accuracy(record) if record else None) or 0.0 for record in records]
    for path in saved:
        if path != saved[int(np.argmax(scores))]:
            path.unlink()
