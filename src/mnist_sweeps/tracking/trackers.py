"""The trackers by name, and what each must be able to do."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.tracking.tracked_run import TrackedRun

PACKAGES = {  # that each needs, by their modules
    "mlflow": ("mlflow", "sqlalchemy"),
    "tensorboard": ("tensorboard",),
    "wandb": ("wandb",),
}


class Tracker(Protocol):
    """The connection of one sweep to one tool. After any exception `Tracking` sends it nothing more."""

    @property
    def where(self) -> str:
        """Where a person finds the sweep, in words."""

    def send(self, run: TrackedRun) -> None:
        """Shows a run, in place of an earlier one with the same folder; nothing where it is there already."""

    def finish(self, complete: bool) -> None:
        """Adds the report and its figures.

        Args:
            complete: Whether every run of the sweep is completed.
        """


def names(tracker: Any) -> list[str]:
    """The value of the key `tracker` as a list: none, one, or several names."""
    return [] if tracker is None else list(tracker) if isinstance(tracker, (list, tuple)) else [tracker]


def require(chosen: Iterable[str]) -> None:
    """Checks that the packages of trackers are installed.

    Raises:
        ConfigError: One is not; the message names the extra that brings it.
    """
    for name in chosen:
        for package in PACKAGES[name]:
            if find_spec(package) is None:
                raise ConfigError(f"tracker={name}: needs {package}; pip install 'mnist-sweeps[{name}]'")


def make(name: str, sweep: Path) -> Tracker:
    """The tracker of a sweep.

    Args:
        name: A key of `PACKAGES`.
        sweep: The sweep's folder.
    """
    if name == "mlflow":
        from mnist_sweeps.tracking.mlflow import MlflowTracker

        return MlflowTracker(sweep)
    if name == "wandb":
        from mnist_sweeps.tracking.wandb import WandbTracker

        return WandbTracker(sweep)
    from mnist_sweeps.tracking.tensorboard import TensorBoardTracker

    return TensorBoardTracker(sweep)
