"""A launcher that only pretends to train: it leaves the folders of runs, as fast as files can be written."""

import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.utils import JobReturn, JobStatus
from tests.composed_once import compose_once

from mnist_sweeps.config.schema import Config, RunKey
from mnist_sweeps.data import family, sources
from mnist_sweeps.planning import compose
from mnist_sweeps.report.figures import overview
from mnist_sweeps.storage import run_digest, run_folder, variant_folder
from mnist_sweeps.storage.folder_names import run_folder_name
from mnist_sweeps.storage.run_parts import ImageCounts, RunError, RunSeconds
from mnist_sweeps.storage.run_record import RunRecord
from mnist_sweeps.sweeps import driver
from mnist_sweeps.sweeps.dry_run import Built

OF_ONE_JOB = ("hydra.sweep.", "planned=")  # overrides that change nothing of its config
DRAW_OVERVIEW = overview.draw
BUILT = Built(parameters=7850, multiplies=7840, train_images=400, test_images=200, data="few digits")
MINE = """\
question: Which?
common: {model: softmax, seeds: 2, training.epochs: 3}
baseline: plain
variants:
  plain: {}
  other optimizer: {optimizer: sgd}
  plain again: {}
"""


FOLDS = """\
question: Which rate?
common: {model: softmax, seeds: 2, data.folds: 3, training.epochs: 3}
grid: {optimizer.learning_rate: [0.1, 0.01]}
"""


def prepare(folder: Path, monkeypatch: pytest.MonkeyPatch, **sweeps: str) -> None:
    """Makes `folder` the working directory, with sweep=mine, =folds and `sweeps`, built without a child process."""
    (folder / "conf" / "sweep").mkdir(parents=True)
    for name, content in {"mine": MINE, "folds": FOLDS, **sweeps}.items():
        (folder / "conf" / "sweep" / f"{name}.yaml").write_text(content)
    monkeypatch.chdir(folder)
    monkeypatch.setattr(driver, "dry_run", lambda configs: [BUILT] * len(configs))
    pretend_figures(monkeypatch)
    monkeypatch.setattr(overview, "draw", lambda report, form="png": None)  # those of the sweep: 0.1 s and more
    monkeypatch.setattr("os.fsync", lambda _: None)  # what survives a power loss has tests of its own
    read = sources.digest
    monkeypatch.setattr(  # the content of the others is known where their files are
        sources, "digest", lambda name, path=None: name if name in family.FAMILY else read(name, path)
    )


def finished(folder: Path, accuracies: dict[str, float] | None = None) -> Path:
    """The outputs of sweep=mine, made in `folder`, with these accuracies by row."""
    with pytest.MonkeyPatch.context() as patch:
        prepare(folder, patch)
        Launcher(accuracies).sweep("sweep=mine")
    return folder / "outputs"


def pretend_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets the driver start no processes and draw nothing: pretended runs have no weights."""
    monkeypatch.setattr("mnist_sweeps.sweeps.warm_up.start", lambda *_: None)
    monkeypatch.setattr("mnist_sweeps.job.early_figures.EarlyFigures.start", lambda _: None)
    monkeypatch.setattr("mnist_sweeps.job.run_figures.draw_default", leave_picture)


def leave_picture(variant: Path, *_: str) -> None:
    """As if the figures of a variant were drawn."""
    (variant / variant_folder.LAST_PICTURE).parent.mkdir(parents=True, exist_ok=True)
    (variant / variant_folder.LAST_PICTURE).touch()


class Launcher:
    """Counts what it is asked to train; `accuracies` and `statuses` tell how the runs of a row's folder end."""

    def __init__(self, accuracies: dict[str, float] | None = None, statuses: dict[str, str] | None = None) -> None:
        self.accuracies, self.statuses = accuracies or {}, statuses or {}
        self.trained: list[str] = []

    def __call__(self, jobs: list[list[str]], folder: str, *_: Any) -> list[JobReturn]:
        return [self.job(overrides) for overrides in jobs]

    def sweep(self, *words: str) -> list[str]:
        """What a command line trains with this launcher."""
        before = len(self.trained)
        with compose.session():
            driver.sweep(list(words), self)
        return self.trained[before:]

    def job(self, overrides: list[str]) -> JobReturn:
        """Composes the job as Hydra would, and trains it."""
        settings = [word for word in overrides if not word.startswith(OF_ONE_JOB)]
        others = OverridesParser.create().parse_overrides([word for word in overrides if word.startswith(OF_ONE_JOB)])
        own = {override.key_or_group: str(override.value()) for override in others}
        variant = Path(own["hydra.sweep.dir"], own["hydra.sweep.subdir"])
        composed = compose_once("config", settings, return_hydra_config=False)
        return self.train(compose.to_config(composed), variant, overrides)

    def train(self, config: Config, variant: Path, overrides: list[str]) -> JobReturn:
        """Leaves the runs that are not there yet."""
        for run in variant_folder.unfinished(config, variant):
            self.trained.append(f"{variant.name}/{run_folder_name(run)}")
            status = self.statuses.get(variant.name, "completed")
            leave_run(variant, config, run, self.accuracies.get(variant.name, 0.9), status)
        return JobReturn(overrides=overrides, status=JobStatus.COMPLETED, _return_value=0.9)


def leave_run(variant: Path, config: Config, run: RunKey, accuracy: float = 0.9, status: str = "completed") -> Path:
    """The folder of a run that has ended."""
    folder = run_folder.folder_of(variant, run)
    folder.mkdir(parents=True, exist_ok=True)
    record = record_of(config, run, accuracy, status, sweep=variant.parent.name, name=variant.name)
    run_folder.begin(folder, record)
    run_folder.append_epoch(folder, 1, {"loss": 0.5, "accuracy": accuracy, "val_loss": 0.5, "val_accuracy": accuracy})
    (folder / "model.keras").write_text(f"{variant.name} {run.seed}")
    run_folder.publish(folder, record, {})
    return folder


def record_of(config: Config, run: RunKey, accuracy: float, status: str, sweep: str, name: str) -> RunRecord:
    """The record of a run: its test accuracy is the contrary of its validation, so that nobody mixes them up."""
    scores = {"test_loss": 0.5, "test_accuracy": 1 - accuracy, "val_loss": 0.5, "val_accuracy": accuracy}
    if run.fold is not None:
        scores |= {"fold_loss": 0.5, "fold_accuracy": accuracy}
    return RunRecord(
        status, *run, digest=run_digest.digest(config, run), sweep=sweep, variant=name, config=asdict(config),
        scores={**scores, "train_loss": 0.5, "train_accuracy": 0.9, "epochs_run": 1, "best_epoch": 1},
        parameter_counts={"total": 7850, "trainable": 7850, "non_trainable": 0}, multiplies=7840,
        duration=RunSeconds(1.0, (1.0,), 1.0),
        effective={"optimizer": {}, "layers": [{"class": "Dense", "name": "output"}], "initializers": {}},
        counts=ImageCounts("mnist5k", 400, 100, 200, "held out", "mnist5k 500 / 200"),
        failure=None if status == "completed" else RunError(status.capitalize(), "it ended"),
        provenance={"versions": {"keras": "3.15.1"}, "git": {"commit": "1a2b3c4d5e", "dirty": False},
                    "backend": "tensorflow", "engine": "fit", "device": "cpu", "threads": 2, "data_digest": "x",
                    "command": "mnist-sweeps", "time": time.strftime("%Y-%m-%dT%H:%M:%S+00:00")},
    )  # fmt: skip
