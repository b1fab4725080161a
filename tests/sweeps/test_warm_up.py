"""What is started for which machine; that workers import is tested in tests/runtime."""

import sys
from collections.abc import Iterator
from typing import Any

import pytest

from mnist_sweeps.runtime import early_workers, warm_workers
from mnist_sweeps.runtime.device import Machine
from mnist_sweeps.sweeps import warm_up


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    told: list[str] = []

    def start(count: int, recycle: int, preload: Any) -> None:
        told.append(f"{count} on {preload.args[0].backend}, recycled after {recycle}")

    monkeypatch.setattr(early_workers, "start", start)
    monkeypatch.setattr(warm_workers, "start", lambda module: told.append(module))
    yield told
    warm_up.stop()


def test_workers_on_tensorflow_start_early(started: list[str]) -> None:
    warm_up.start(Machine("tensorflow", "cpu", 1), 2, 20)
    assert started == ["2 on tensorflow, recycled after 20"]


def test_workers_on_jax_are_forked_on_linux(started: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    warm_up.start(Machine("jax", "cpu", 1), 2, 20)
    monkeypatch.setattr(sys, "platform", "darwin")
    warm_up.start(Machine("jax", "cpu", 1), 1, 9)
    assert started == [warm_up.PRELOADED, "1 on jax, recycled after 9"]


@pytest.mark.parametrize("backend", ["jax", "tensorflow"])
def test_nothing_starts_for_a_gpu(started: list[str], backend: str) -> None:
    warm_up.start(Machine(backend, "gpu:0", 1), 2, 20)
    assert started == []
