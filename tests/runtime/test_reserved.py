"""What a cluster reserves for a job decides what the job trains on, whatever this machine has."""

from typing import Any

import pytest

from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.config.schema import Config
from mnist_sweeps.runtime import device
from mnist_sweeps.runtime.device import Machine
from mnist_sweeps.runtime.reserved import Reserved


def machine(cpus: float = 1, gpus: float = 0, **asked: Any) -> Machine:
    reserved = Reserved(cpus, gpus, "hydra.launcher.num_gpus", lambda: None)
    return reserved.machine(Config(**asked), faster="tensorflow")


@pytest.fixture(autouse=True)
def no_look_at_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(device, "_gpus", lambda _: pytest.fail("asked for the GPUs of this machine"))


def test_a_job_has_the_threads_that_are_reserved() -> None:
    assert machine(cpus=4) == Machine("tensorflow", "cpu", 4, "compiled")
    assert machine(cpus=0.5).threads == 1
    assert machine(cpus=4, threads=2, engine="fit") == Machine("tensorflow", "cpu", 2, "fit")


@pytest.mark.parametrize("asked", ["auto", "gpu", "gpu:0"])
def test_a_job_has_the_gpu_that_is_reserved(asked: str) -> None:
    assert machine(gpus=0.5, device=asked) == Machine("jax", "gpu:0", 1, "compiled")
    assert machine(gpus=1, device=asked, backend="tensorflow").backend == "tensorflow"


@pytest.mark.parametrize(
    ("asked", "gpus", "way_out"),
    [
        ("gpu", 0, "device=gpu: hydra.launcher.num_gpus=0 gives a job no GPU; write hydra.launcher.num_gpus=1"),
        ("cpu", 0.5, "device=cpu: hydra.launcher.num_gpus=0.5 reserves a GPU"),
        ("gpu:1", 1, "device=gpu:1: the cluster chooses the GPU of each job; write device=gpu"),
    ],
)
def test_a_device_that_is_not_reserved_is_refused(asked: str, gpus: float, way_out: str) -> None:
    with pytest.raises(ConfigError, match=way_out):
        machine(gpus=gpus, device=asked)
