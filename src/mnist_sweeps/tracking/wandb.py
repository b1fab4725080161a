"""Weights & Biases: one of its runs a run, grouped by variant, written without a network unless `WANDB_MODE` says so.

Offline runs lie in the sweep's folder until `wandb sync` sends them. A run's id contains its mark, so a run that was
trained again is another one; W&B itself forgets nothing, but an offline run that is replaced is removed.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path
from typing import Any

import wandb

from mnist_sweeps.report.files import FILES
from mnist_sweeps.storage import sweep_file
from mnist_sweeps.tracking.tracked_run import TrackedRun

FOLDER = "wandb"  # W&B's own name for it, below the folder that it is given
SENT = "mnist_sweeps.sent"  # in the folder of an offline run that is written to its end
PICTURES = ("*.png", "*.svg")
DEFAULTS = {"WANDB_MODE": "offline", "WANDB_ERROR_REPORTING": "false", "WANDB_SILENT": "true"}


class WandbTracker:
    """Writes to the project `WANDB_PROJECT`, else that with the sweep's name."""

    def __init__(self, sweep: Path) -> None:
        for name, value in DEFAULTS.items():
            os.environ.setdefault(name, value)
        self.sweep = sweep
        self.project = os.environ.get("WANDB_PROJECT") or sweep_file.read_sweep_file(sweep).sweep

    @property
    def where(self) -> str:
        """The command that sends offline runs, or the project."""
        if os.environ["WANDB_MODE"] == "offline":
            return f"wandb sync {self.sweep / FOLDER}/offline-run-*"
        return f"project {self.project}"

    def send(self, run: TrackedRun) -> None:
        """Writes a run; an offline one of an earlier training of it is removed."""
        place = _digits(run.place)
        if self._replace(place, run.mark):
            return
        tracked = self._begin(place, run.mark, name=run.name, group=run.variant, job_type="train", config=run.settings)
        for epoch, metrics in enumerate(run.epochs, start=1):
            tracked.log(metrics, step=epoch)
        tracked.summary.update(run.record.metrics)
        self._end(tracked, place, run.mark, failed=not run.record.completed)

    def finish(self, complete: bool) -> None:
        """Writes a run that has the report and the figures as its files."""
        paths = [path for name in (sweep_file.NAME, *FILES) if (path := self.sweep / name).exists()]
        for folder in ("", *(variant.folder for variant in sweep_file.read_sweep_file(self.sweep).variants)):
            paths += [path for kind in PICTURES for path in sorted((self.sweep / folder / "figures").glob(kind))]
        place, mark = _digits("report"), _digits(*(path.read_bytes() for path in paths))
        if self._replace(place, mark):
            return
        tracked = self._begin(place, mark, name=f"{self.sweep.name}, report", job_type="report")
        for path in paths:
            tracked.save(str(path), base_path=str(self.sweep), policy="now")
        self._end(tracked, place, mark, failed=not complete)

    def _begin(self, place: str, mark: str, **named: Any) -> Any:
        settings = wandb.Settings(console="off", disable_git=True, x_disable_stats=True)
        return wandb.init(
            project=self.project,
            id=f"{place}-{mark}",
            dir=str(self.sweep),
            reinit="create_new",
            settings=settings,
            **named,
        )

    def _end(self, tracked: Any, place: str, mark: str, failed: bool) -> None:
        tracked.finish(exit_code=int(failed))
        for folder in self._folders(f"{place}-{mark}"):
            (folder / SENT).touch()

    def _replace(self, place: str, mark: str) -> bool:
        """Whether the run is there; an offline one that is half written, or of an earlier training, is removed."""
        there = False
        for folder in self._folders(f"{place}-*"):
            if folder.name.endswith(f"-{mark}") and (folder / SENT).exists():
                there = True
            elif folder.name.startswith("offline-"):
                shutil.rmtree(folder)
        return there

    def _folders(self, run_id: str) -> list[Path]:
        return [path for path in (self.sweep / FOLDER).glob(f"*run-*-{run_id}") if not path.is_symlink()]


def _digits(*parts: str | bytes) -> str:
    """8 hexadecimal digits of texts or contents."""
    whole = hashlib.sha256()
    for part in parts:
        whole.update(part.encode() if isinstance(part, str) else part)
    return whole.hexdigest()[:8]
