"""Sweeps to break."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.chaos.commands import ROWS, Here, Sweep

from mnist_sweeps.config.schema import Config
from mnist_sweeps.sweeps.dry_run import Built


def unchecked(configs: list[Config]) -> list[Built]:
    """Stands for the check, which takes 4 s and has tests of its own."""
    return [Built(7850, 7840, 200, 100, "few digits") for _ in configs]


@pytest.fixture
def sweep(tmp_path: Path) -> Sweep:
    """A folder with a row for each point at which a command can be killed, two runs each."""
    return Sweep(tmp_path).ask(ROWS)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Iterator[Here]:
    """Commands in this very process, where TensorFlow is loaded already: a second each, without the check."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HYDRA_FULL_ERROR", "1")
    monkeypatch.setattr("mnist_sweeps.sweeps.driver.dry_run", unchecked)
    monkeypatch.setattr("mnist_sweeps.job.run_figures.draw_default", lambda *_: None)
    terminate = signal.getsignal(signal.SIGTERM)
    yield Here(Sweep(tmp_path), capfd, monkeypatch)
    signal.signal(signal.SIGTERM, terminate)
