"""Synthetic sweeps with all that the page shows, and a real browser."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, sync_playwright
from tests.synthetic_sweep import Sweep

from mnist_sweeps.config.schema import Config, Data
from mnist_sweeps.data import mnist
from mnist_sweeps.data.mnist import Digits

HOSTILE = '<script>alert(1)</script>| "quoted" & 🙂 עברית'
QUANTILES = np.linspace(0, 1, 2001)


def leave_arrays(run: Path, labels: np.ndarray[Any, Any], accuracy: float, random: np.random.Generator) -> None:
    """weights.npz and predictions.npz of a run with about this accuracy."""
    weights = {}
    for layer, variable in (("hidden_1", "kernel"), ("hidden_1_batch_norm", "gamma"), ("output", "kernel")):
        for stage in ("initial", "trained"):
            constant = variable == "gamma" and stage == "initial"
            values = (
                np.ones(2001) if constant else np.quantile(random.normal(0, random.uniform(0.1, 0.3), 5000), QUANTILES)
            )
            weights[f"{layer}/{variable}/{stage}/quantiles"] = values.astype(np.float32)
            weights[f"{layer}/{variable}/{stage}/moments"] = np.array([values.mean(), values.std(), 0, 0])
    np.savez_compressed(run / "weights.npz", allow_pickle=False, **weights)
    wrong = random.random(len(labels)) > accuracy
    predicted = np.where(wrong, (labels + random.integers(1, 10, len(labels))) % 10, labels).astype(np.uint8)
    np.savez_compressed(run / "predictions.npz", predicted=predicted, confidence=np.ones(len(labels), np.float16))


def full_row(sweep: Sweep, name: str, accuracies: list[float], labels: np.ndarray[Any, Any], **more: Any) -> None:
    """A row whose runs have arrays, a config, and ten epochs."""
    random = np.random.default_rng(len(sweep.variants))
    hidden = more.pop("hidden", [512, 256])
    config = asdict(Config(data=Data(test_size=200)))
    config["model"]["hidden"] = hidden
    sweep.row(name, accuracies, config=config, **more)
    for seed, accuracy in enumerate(accuracies):
        run = sweep.folder / sweep.variants[-1]["folder"] / f"seed-{seed}"
        leave_arrays(run, labels, accuracy, random)
        lines = ["epoch,loss,accuracy,val_loss,val_accuracy"]
        for epoch in range(1, 11):
            error = (1 - accuracy) * (1 + 3 / epoch) + 0.002 * seed
            lines.append(f"{epoch},{3 * error},{1 - 1.2 * error},{3.1 * error},{1 - error}")
        (run / "history.csv").write_text("\n".join(lines) + "\n")


@pytest.fixture(scope="session")
def digits(mnist5k: tuple[Digits, Digits]) -> Digits:
    """The first 200 test digits: what `full_row` predicts."""
    return mnist5k[1].take(np.arange(200))


@pytest.fixture
def full(sweep: Sweep, digits: Digits, monkeypatch: pytest.MonkeyPatch, mnist5k: tuple[Digits, Digits]) -> Sweep:
    """Four rows, a name that tries everything, a failed row with its traceback."""
    monkeypatch.setattr(mnist, "read", lambda name, path=None: mnist5k)
    return fill(sweep, digits.labels)


def fill(sweep: Sweep, labels: np.ndarray[Any, Any]) -> Sweep:
    sweep.plan |= {"question": "Which <b>width</b> & depth is best?", "baseline": "plain"}
    against = {"compared_with": "plain", "changes": ["hidden"]}
    full_row(sweep, "plain", [0.93, 0.935, 0.94], labels)
    full_row(sweep, "wide", [0.97, 0.972, 0.968], labels, **against, hidden=[1024, 512])
    full_row(sweep, "narrow", [0.88, 0.885, 0.89], labels, **against, hidden=[64])
    full_row(sweep, HOSTILE, [0.93, 0.937, 0.936], labels, folder="hostile", **against, hidden=[500, 256])
    sweep.row("broken", seeds=3, **against)
    error = {"type": "ValueError", "message": "no such <layer>", "traceback": "Traceback <most recent call last>"}
    sweep.run("broken", 0, status="failed", error=error)
    return sweep


def chromium() -> str | None:
    """The browser of this machine."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = chromium()
    if path is None and "CI" not in os.environ:
        pytest.skip("needs Chromium, which `.ci/run` installs")
    assert path, "Chromium is not installed"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path)
        yield started
        started.close()
