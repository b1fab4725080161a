"""Keras on TensorFlow and a CPU, fixed before anything imports it; and a few real digits."""

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.synthetic_sweep import Sweep

from mnist_sweeps.config.schema import Config, Data, Model, Training
from mnist_sweeps.data import dataset, mnist
from mnist_sweeps.data.dataset import Split
from mnist_sweeps.data.mnist import Digits

os.environ.update(KERAS_BACKEND="tensorflow", TF_CPP_MIN_LOG_LEVEL="3", CUDA_VISIBLE_DEVICES="-1", JAX_PLATFORMS="cpu")
os.environ.pop("MNIST_SWEEPS_DATA", None)


LONGEST = ("tests/training/engines", "test_tutorial", "test_kills", "test_search_loop", "test_conf.py", "tests/fuzz")


def pytest_configure(config: pytest.Config) -> None:
    """Keras 3.15's variables do not take NumPy 2's `copy` keyword: nothing that we could do better.

    Started in the background of a script, pytest and all that it starts ignore Ctrl-C: tests that send it would wait.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)
    config.addinivalue_line(
        "filterwarnings", "ignore:__array__ implementation doesn't accept a copy:DeprecationWarning"
    )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files whose single tests take longest come first: the last worker to finish then has little left to do."""
    items.sort(key=lambda item: not any(name in item.nodeid for name in LONGEST))


@pytest.fixture(scope="session", autouse=True)
def composed_once() -> Iterator[None]:
    """Plans of the same files and overrides are composed once; commands in other processes compose by themselves."""
    from tests.composed_once import compose_once

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("mnist_sweeps.planning.composer.compose", compose_once)
        yield


@pytest.fixture(scope="session")
def mnist5k() -> tuple[Digits, Digits]:
    return mnist.read("mnist5k")


@pytest.fixture(scope="session")
def split(mnist5k: tuple[Digits, Digits]) -> Split:
    """200 digits to train on, 50 held out, 100 to test."""
    return dataset.load(Data(train_size=250, validation=50, test_size=100))


@pytest.fixture
def read_once(mnist5k: tuple[Digits, Digits], monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Spares a test that loads its digits often the quarter of a second that each reading takes."""
    monkeypatch.setattr(mnist, "read", lambda name, path=None: mnist5k)
    yield


@pytest.fixture(scope="session")
def configured() -> Callable[..., Config]:
    """Makes the default config with some settings changed, by their dotted keys."""

    def make(settings: dict[str, Any] | None = None) -> Config:
        config = Config()
        for key, value in (settings or {}).items():
            *groups, last = key.split(".")
            target: Any = config
            for group in groups:
                target = getattr(target, group)
            setattr(target, last, value)
        return config

    return make


@pytest.fixture(scope="session")
def small() -> Callable[..., Config]:
    """Makes a config that trains in a fraction of a second."""

    def make(**changed: Any) -> Config:
        few = Data(train_size=250, validation=50, test_size=100)
        settings: dict[str, Any] = {"model": Model(hidden=[16]), "data": few, "training": Training(2, 32)}
        return Config(**{**settings, **changed})

    return make


@pytest.fixture
def sweep(tmp_path: Path) -> Sweep:
    """An empty sweep, to be filled with rows."""
    return Sweep(tmp_path / "small")


@pytest.fixture
def three_rows(sweep: Sweep) -> Sweep:
    """A finished sweep: a baseline, a row that is better, a row that changes two things and is worse."""
    sweep.plan["baseline"] = "512-256"
    sweep.row("512-256", [0.9840, 0.9850, 0.9845])
    sweep.row("wide", [0.9880, 0.9890, 0.9885], compared_with="512-256", changes=["model.hidden"])
    both = ["optimizer", "epochs"]
    sweep.row("sgd, 5 epochs", [0.9700, 0.9720, 0.9710], compared_with="512-256", changes=both)
    return sweep
