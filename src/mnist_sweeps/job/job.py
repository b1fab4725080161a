"""One job is one row of the table: config -> data -> model -> train -> run folders -> figures."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from itertools import groupby
from pathlib import Path

from mnist_sweeps.config.schema import Config, RunKey
from mnist_sweeps.config.validate import check
from mnist_sweeps.data import dataset
from mnist_sweeps.data.dataset import Split
from mnist_sweeps.job.figure_thread import Drawing
from mnist_sweeps.job.run import ActiveRun, VariantFolder
from mnist_sweeps.runtime.device import Machine
from mnist_sweeps.storage import folder_names, run_digest, run_folder
from mnist_sweeps.training import inputs
from mnist_sweeps.training.trainer import Trainer


def run_job(config: Config, variant: VariantFolder, machine: Machine) -> float:
    """Mean validation accuracy of the variant's completed runs, after training each run that is not there yet.

    nan where none completed or nothing was held out. A run that fails is recorded in its folder and costs no other.

    Raises:
        ConfigError: the data or the preprocessing cannot be had; nothing was trained.
    """
    check(config)
    split = dataset.load(config.data)
    variant.folder.mkdir(parents=True, exist_ok=True)
    first = min(config.runs, key=lambda run: (run.seed, run.fold or 0))
    drawing = Drawing(variant.folder, variant.name, split, run_folder.folder_of(variant.folder, first))
    drawing.begin()
    for trainer, group, seen in _groups(config, variant, split, machine):
        _train(trainer, group, config, variant, seen, machine)
        drawing.begin()
    _keep_models(config.keep_models, variant.folder)
    drawing.finish()
    return run_folder.mean_validation_accuracy(config, variant.folder)


def _groups(
    config: Config, variant: VariantFolder, split: Split, machine: Machine
) -> Iterator[tuple[Trainer, list[RunKey], Split]]:
    """The missing runs, those that train together in one group, with a trainer and what they see of the data."""
    trainer: Trainer | None = None
    for fold, missing in groupby(run_folder.unfinished(config, variant.folder), key=lambda run: run.fold):
        seen = split.leaving_out(fold)
        prepared = inputs.prepare(config, seen)
        if trainer is not None and trainer.arrays.shape == prepared.shape:
            trainer.take(prepared)
        else:  # the first; or a PCA that keeps more components of this fold
            trainer = Trainer(config, prepared, machine.engine)
        todo = list(missing)
        size = trainer.room() if machine.together else 1
        for start in range(0, len(todo), size):
            yield trainer, todo[start : start + size], seen


def _train(
    trainer: Trainer, group: list[RunKey], config: Config, variant: VariantFolder, split: Split, machine: Machine
) -> None:
    """Trains the runs of a group that nobody else trains, and publishes what came of each."""
    with ExitStack() as claims:
        free = [run for run in group if _claimed(run, config, variant, claims)]
        active_runs = {run.seed: ActiveRun(config, run, variant, split, machine) for run in free}
        try:
            if len(active_runs) > 1:
                on_epoch = {seed: active_run.record_epoch for seed, active_run in active_runs.items()}
                for seed, trained in trainer.train_together(on_epoch):
                    active_runs[seed].end(trained)
            else:
                for seed, active_run in active_runs.items():
                    active_run.end(trainer.train(seed, active_run.record_epoch))
        except BaseException as error:
            for active_run in active_runs.values():
                active_run.fail(error)
            if not isinstance(error, Exception):  # an interrupt
                raise


def _claimed(run: RunKey, config: Config, variant: VariantFolder, claims: ExitStack) -> bool:
    """Whether the run's folder is held from now on, and the run still to be trained."""
    folder = run_folder.folder_of(variant.folder, run)
    if names := run_folder.damaged(folder):
        print(f"{variant.name}, {run}: damaged, and trained again: {', '.join(names)}", flush=True)
    try:
        claims.enter_context(run_folder.claim(folder))
    except run_folder.Claimed:
        print(f"{variant.name}, {run}: left to another command, which is training it", flush=True)
        return False
    return not run_folder.completed(folder, run_digest.digest(config, run))  # another command may have been faster


def _keep_models(keep: str, folder: Path) -> None:
    """Deletes the models that were not asked for: `best` keeps the one that `run_folder.best_model` chooses."""
    best = run_folder.best_model(folder)
    if keep == "best" and best is not None:
        for other in set(folder_names.run_folders(folder)) - {best}:
            (other / run_folder.MODEL).unlink(missing_ok=True)
