import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.config.schema import Config
from mnist_sweeps.runtime import device
from mnist_sweeps.runtime.device import Machine

Installed = Callable[..., None]


def resolve(**asked: Any) -> Machine:
    return device.resolve(Config(**asked))


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> Installed:
    return lambda *names: monkeypatch.setattr(device, "find_spec", lambda name: name if name in names else None)


@pytest.mark.parametrize(
    ("asked", "gpus", "resolved"),
    [
        ("auto", 0, "cpu"),
        ("auto", 2, "gpu:0"),
        ("cpu", 2, "cpu"),
        ("gpu", 1, "gpu:0"),
        ("gpu:1", 2, "gpu:1"),
    ],
)
def test_device(monkeypatch: pytest.MonkeyPatch, asked: str, gpus: int, resolved: str) -> None:
    monkeypatch.setattr(device, "_gpus", lambda backend: gpus)
    assert resolve(device=asked, backend="tensorflow", threads=2) == Machine("tensorflow", resolved, 2, "compiled")


@pytest.mark.parametrize(
    ("seeing", "kind", "resolved"),
    [
        pytest.param({"jax": 1, "tensorflow": 1}, "auto", ("jax", "gpu:0"), id="jax before tensorflow"),
        pytest.param({"tensorflow": 1}, "auto", ("tensorflow", "gpu:0"), id="the one that sees it"),
        pytest.param({"tensorflow": 1}, "gpu", ("tensorflow", "gpu:0"), id="a gpu is asked for"),
        pytest.param({"jax": 1}, "cpu", ("tensorflow", "cpu"), id="a cpu is asked for"),
        pytest.param({}, "auto", ("tensorflow", "cpu"), id="no gpu: the faster backend"),
    ],
)
def test_the_backend_that_sees_a_gpu(
    monkeypatch: pytest.MonkeyPatch, installed: Installed, seeing: dict[str, int], kind: str, resolved: tuple[str, str]
) -> None:
    installed("tensorflow", "jax")
    monkeypatch.setattr(device, "_gpus", lambda backend: seeing.get(backend, 0))
    machine = resolve(device=kind)
    assert (machine.backend, machine.device) == resolved


@pytest.mark.parametrize(("asked", "gpus"), [("gpu", 0), ("gpu:2", 2)])
def test_a_gpu_that_is_not_there(monkeypatch: pytest.MonkeyPatch, asked: str, gpus: int) -> None:
    monkeypatch.setattr(device, "_gpus", lambda backend: gpus)
    with pytest.raises(ConfigError, match=f"device={asked}: tensorflow sees {gpus} GPUs here; choose device=cpu"):
        resolve(device=asked, backend="tensorflow")


@pytest.mark.parametrize(
    ("names", "asked", "resolved"),
    [
        (("tensorflow", "jax"), "auto", "tensorflow"),
        (("jax",), "auto", "jax"),
        (("tensorflow", "jax"), "jax", "jax"),
    ],
)
def test_backend(installed: Installed, names: tuple[str, ...], asked: str, resolved: str) -> None:
    installed(*names)
    assert resolve(device="cpu", backend=asked).backend == resolved


@pytest.mark.parametrize(
    ("names", "asked", "said"),
    [
        (("jax",), "tensorflow", "backend=tensorflow: not installed; installed: jax"),
        ((), "auto", "backend=auto: not installed; installed: none"),
    ],
)
def test_a_backend_that_is_not_installed(installed: Installed, names: tuple[str, ...], asked: str, said: str) -> None:
    installed(*names)
    with pytest.raises(ConfigError) as raised:
        resolve(device="cpu", backend=asked)
    assert str(raised.value) == said


@pytest.mark.parametrize(
    ("threads", "workers", "resolved"),
    [
        pytest.param(None, 1, 8, id="all cores"),
        pytest.param(None, 3, 2, id="divided among the workers"),
        pytest.param(None, 9, 1, id="more workers than cores"),
        pytest.param(5, 3, 5, id="as asked"),
    ],
)
def test_threads(monkeypatch: pytest.MonkeyPatch, threads: int | None, workers: int, resolved: int) -> None:
    monkeypatch.setattr(device, "cores", lambda: 8)
    assert resolve(device="cpu", threads=threads, workers=workers).threads == resolved


def test_a_machine_in_words() -> None:
    assert str(Machine("jax", "cpu", 2, "compiled")) == "jax (compiled), cpu, 2 threads"
    assert str(Machine("tensorflow", "gpu:1", 2)) == "tensorflow (fit), gpu:1"


# counting GPUs


@pytest.fixture(autouse=True)
def counted_anew() -> None:
    device._gpus.cache_clear()


def driver(monkeypatch: pytest.MonkeyPatch, present: bool) -> None:
    def glob(self: Path, pattern: str) -> Iterator[Path]:
        return iter([self / "nvidia0"] if present else [])

    monkeypatch.setattr(Path, "glob", glob)


def test_without_a_driver_no_process_is_started(monkeypatch: pytest.MonkeyPatch) -> None:
    driver(monkeypatch, present=False)
    monkeypatch.setattr(Path, "exists", lambda self: False)
    monkeypatch.setattr(subprocess, "run", None)
    assert resolve(backend="tensorflow").device == "cpu"


@pytest.mark.parametrize(("code", "resolved"), [("print(2)", "gpu:0"), ("print(0)", "cpu"), ("1 / 0", "cpu")])
def test_the_backend_counts_the_gpus_in_a_process_of_its_own(
    monkeypatch: pytest.MonkeyPatch, code: str, resolved: str
) -> None:
    driver(monkeypatch, present=True)
    monkeypatch.setitem(device.COUNT_GPUS, "tensorflow", code)
    assert resolve(backend="tensorflow").device == resolved


@pytest.mark.parametrize(
    ("asked", "visible", "shared"),
    [
        pytest.param({"device": "auto"}, None, ["0", "1"], id="all that are seen"),
        pytest.param({"device": "gpu"}, "4,7", ["4", "7"], id="those that are left to us"),
        pytest.param({"device": "gpu:1"}, None, [], id="one by its number"),
        pytest.param({"device": "cpu"}, None, [], id="none"),
    ],
)
def test_the_gpus_that_workers_share(
    monkeypatch: pytest.MonkeyPatch, asked: dict[str, str], visible: str | None, shared: list[str]
) -> None:
    monkeypatch.setattr(device, "_gpus", lambda backend: 2)
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    if visible:
        monkeypatch.setenv("CUDA_VISIBLE_DEVICES", visible)
    config = Config(backend="jax", **asked)
    assert device.shared_gpus(config, device.resolve(config)) == shared


def test_a_config_that_says_it_all_is_not_resolved_again() -> None:
    config = Config(backend="jax", device="gpu:1", threads=2, engine="compiled")
    assert device.fully_specified(config) == Machine("jax", "gpu:1", 2, "compiled")
    assert device.fully_specified(Config(backend="jax", device="gpu:1", threads=2)) is None  # its engine is auto


@pytest.mark.parametrize(
    ("dense", "convolutions", "backend"),
    [
        pytest.param(1e12, 0, "jax", id="dense"),
        pytest.param(0, 1e12, "tensorflow", id="convolutions"),
        pytest.param(1e12, 1e12, "tensorflow", id="both"),
        pytest.param(1e12, 1e11, "jax", id="few convolutions"),
        pytest.param(0, 1e10, "jax", id="convolutions that train while TensorFlow is imported"),
    ],
)
def test_the_backend_that_trains_the_work_fastest(dense: float, convolutions: float, backend: str) -> None:
    assert device.faster_backend(dense, convolutions) == backend


@pytest.mark.parametrize("backend", ["jax", "tensorflow"])
def test_both_backends_compile_unless_fit_is_asked_for(backend: str) -> None:
    assert resolve(backend=backend, device="cpu").engine == "compiled"
    assert resolve(backend=backend, device="cpu", engine="fit").engine == "fit"
