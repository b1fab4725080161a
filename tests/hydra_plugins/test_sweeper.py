"""What the sweeper hands from Hydra's configuration to the driver."""

from typing import Any

import pytest
from hydra._internal.core_plugins.basic_launcher import BasicLauncherConf
from hydra.types import HydraContext
from omegaconf import OmegaConf

from hydra_plugins.mnist_sweeps.local_launcher import LocalLauncherConf
from hydra_plugins.mnist_sweeps.ray_launcher import RayLauncherConf
from hydra_plugins.mnist_sweeps.slurm_launcher import SlurmLauncherConf
from hydra_plugins.mnist_sweeps.sweeper import MnistSweeper
from mnist_sweeps.sweeps import cluster_launch, driver


@pytest.mark.parametrize(("set_in_hydra", "words"), [({}, []), ({"workers": 1}, ["workers=1"])])
def test_the_launchers_number_of_workers_is_that_of_the_sweep(
    monkeypatch: pytest.MonkeyPatch, set_in_hydra: dict[str, int], words: list[str]
) -> None:
    arguments, *_ = swept(monkeypatch, OmegaConf.merge(OmegaConf.structured(LocalLauncherConf), set_in_hydra))
    assert arguments == [*words, "optimizer=sgd"]


@pytest.mark.parametrize(
    ("launcher", "one_by_one"),
    [(LocalLauncherConf, True), (RayLauncherConf, True), (SlurmLauncherConf, False), (BasicLauncherConf, False)],
)
def test_the_driver_is_told_whether_the_launcher_requests_jobs_one_by_one(
    monkeypatch: pytest.MonkeyPatch, launcher: type, one_by_one: bool
) -> None:
    monkeypatch.setattr(cluster_launch, "find_spec", lambda _: True)
    assert swept(monkeypatch, OmegaConf.structured(launcher))[-1] is one_by_one


def swept(monkeypatch: pytest.MonkeyPatch, launcher: Any) -> list[Any]:
    """What the driver gets for `optimizer=sgd` from the sweeper with these settings of a launcher."""
    passed: list[Any] = []
    monkeypatch.setattr(driver, "sweep", lambda *arguments: passed.extend(arguments))
    sweeper = MnistSweeper()
    config: Any = OmegaConf.create(
        {"hydra": {"launcher": launcher, "overrides": {"hydra": []}, "job": {"config_name": "config"}}}
    )
    context: Any = HydraContext.__new__(HydraContext)
    sweeper.setup(hydra_context=context, task_function=lambda _: None, config=config)
    sweeper.sweep(["optimizer=sgd"])
    return passed
