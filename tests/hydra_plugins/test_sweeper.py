"""What the sweeper hands from Hydra's configuration to the driver."""

from typing import Any

import pytest
from hydra.types import HydraContext
from omegaconf import OmegaConf

from hydra_plugins.mnist_sweeps.local_launcher import LocalLauncherConf
from hydra_plugins.mnist_sweeps.sweeper import MnistSweeper
from mnist_sweeps.sweeps import driver


@pytest.mark.parametrize(("set_in_hydra", "words"), [({}, []), ({"workers": 1}, ["workers=1"])])
def test_the_launchers_number_of_workers_is_that_of_the_sweep(
    monkeypatch: pytest.MonkeyPatch, set_in_hydra: dict[str, int], words: list[str]
) -> None:
    passed: list[list[str]] = []
    monkeypatch.setattr(driver, "sweep", lambda arguments, *_, **__: passed.append(arguments))
    launcher = OmegaConf.merge(OmegaConf.structured(LocalLauncherConf), set_in_hydra)
    sweeper = MnistSweeper()
    config: Any = OmegaConf.create(
        {"hydra": {"launcher": launcher, "overrides": {"hydra": []}, "job": {"config_name": "config"}}}
    )
    context: Any = HydraContext.__new__(HydraContext)
    sweeper.setup(hydra_context=context, task_function=lambda _: None, config=config)
    sweeper.sweep(["optimizer=sgd"])
    assert passed == [[*words, "optimizer=sgd"]]
