"""Synthetic sweeps with all that the page shows, and a real browser."""

import os
import shutil
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, sync_playwright
from tests.synthetic_sweep import Sweep, full_row

from mnist_sweeps.data import mnist
from mnist_sweeps.data.mnist import Digits

HOSTILE = '<script>alert(1)</script>| "quoted" & 🙂 עברית'


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
