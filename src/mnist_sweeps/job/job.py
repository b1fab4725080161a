"""One job trains one variant: config -> data -> model -> train -> run folders."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from itertools import groupby
from pathlib import Path

from mnist_sweeps.config.schema import Config, RunKey
from mnist_sweeps.config.validate import check
from mnist_sweeps.data import dataset
from mnist_sweeps.data.dataset import Split
from mnist_sweeps.job.run import ActiveRun, VariantFolder
from mnist_sweeps.runtime.device import Machine
from mnist_sweeps.runtime.messages import LOGGER
from mnist_sweeps.storage import folder_names, run_digest, run_folder, run_scores, variant_folder
from mnist_sweeps.storage.run_lock import RunLocked, lock_run
from mnist_sweeps.training import inputs
from mnist_sweeps.training.trainer import Trainer


def run_job(config: Config, variant: VariantFolder, machine: Machine) -> float:
    """Mean validation accuracy of the variant's completed runs, after training each run that is not there yet.

    A run that fails is recorded in its folder, and the others are trained all the same.

    Args:
        config: What to train; `config.runs` are its seeds and folds.
        variant: The names of sweep and variant, and the folder that the runs are written to.
        machine: Backend, engine, device and threads, fixed for this process already.

    Returns:
        The accuracy as a fraction; nan where no run completed or nothing was held out.

    Raises:
        ConfigError: The data or the preprocessing is not available; nothing was trained.
    """
    check(config)
    split = dataset.load(config.data)
    variant.folder.mkdir(parents=True, exist_ok=True)
    for trainer, group, seen in _groups(config, variant, split, machine):
        _train(trainer, group, config, variant, seen, machine)
    _keep_models(config.keep_models, variant.folder)
    return run_scores.mean_validation_accuracy(config, variant.folder)


def _groups(
    config: Config, variant: VariantFolder, split: Split, machine: Machine
) -> Iterator[tuple[Trainer, list[RunKey], Split]]:
    """The missing runs, those that train together in one group, with a trainer and what they see of the data."""
    trainer: Trainer | None = None
    for fold, missing in groupby(variant_folder.unfinished(config, variant.folder), key=lambda run: run.fold):
        todo, seen = list(missing), split.leaving_out(fold)
        prepared = inputs.prepare(config, seen)
        if trainer is not None and trainer.arrays.shape == prepared.shape:
            trainer.take(prepared)
        else:  # the first; or a PCA that keeps more components of this fold
            trainer = Trainer(config, prepared, machine.engine, todo[0].seed)
        size = trainer.max_seeds_together() if machine.together else 1
        for start in range(0, len(todo), size):
            yield trainer, todo[start : start + size], seen


def _train(
    trainer: Trainer, group: list[RunKey], config: Config, variant: VariantFolder, split: Split, machine: Machine
) -> None:
    """Trains the runs of a group that no other command is training, and publishes the result of each."""
    with ExitStack() as locks:
        free = [run for run in group if _locked(run, config, variant, locks)]
        active_runs = {run.seed: ActiveRun(config, run, variant, split, machine) for run in free}
        try:
            if len(active_runs) > 1:
                on_epoch = {seed: active_run.record_epoch for seed, active_run in active_runs.items()}
                for seed, trained in trainer.train_together(on_epoch):
                    active_runs[seed].end(trained)
            else:
                for seed, active_run in active_runs.items():
                    active_run.end(trainer.train(seed, active_run.record_epoch, active_run.earlier_state()))
        except BaseException as error:
            for active_run in active_runs.values():
                active_run.fail(error)
            if not isinstance(error, Exception):  # an interrupt
                raise


def _locked(run: RunKey, config: Config, variant: VariantFolder, locks: ExitStack) -> bool:
    """Whether the run's folder is locked from now on, and the run still to be trained."""
    folder = run_folder.folder_of(variant.folder, run)
    if names := run_folder.damaged(folder):
        LOGGER.info(f"{variant.name}, {run}: damaged, trained again: {', '.join(names)}")
    try:
        locks.enter_context(lock_run(folder))
    except RunLocked:
        LOGGER.info(f"{variant.name}, {run}: left to another command, which is training it")
        return False
    return not run_folder.completed(folder, run_digest.digest(config, run))  # another command may have been faster


def _keep_models(keep: str, folder: Path) -> None:
    """Deletes the models that are not to be kept: `best` keeps the one that `run_scores.best_model` chooses."""
    best = run_scores.best_model(folder)
    if keep == "best" and best is not None:
        for other in set(folder_names.run_folders(folder)) - {best}:
            (other / run_folder.MODEL).unlink(missing_ok=True)
