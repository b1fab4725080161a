"""Which variants train in one network; that their results are their own is tested with the engines."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import keras
import pytest

from mnist_sweeps.config.schema import Config, Model, Training
from mnist_sweeps.models import network
from mnist_sweeps.training import shared_networks

Make = Callable[..., Config]

SHAPE = (28, 28)


def network_of(config: Config, images: int = 640) -> keras.Sequential:
    return shared_networks.compiled_like(network.build(config, SHAPE, seed=3), config, images)


@pytest.mark.parametrize(
    ("changed", "shared"),
    [
        pytest.param({"optimizer": {"name": "adam", "learning_rate": 0.5}}, True, id="learning rate"),
        pytest.param({"initializer": {"name": "zeros"}}, True, id="initializer"),
        pytest.param({"seeds": 7}, True, id="seeds"),
        pytest.param({"training": Training(epochs=5, batch_size=64)}, True, id="epochs"),
        pytest.param({"training": Training(epochs=1, batch_size=32)}, False, id="batch size"),
        pytest.param({"training": Training(epochs=1, batch_size=64, label_smoothing=0.1)}, False, id="loss"),
        pytest.param({"optimizer": {"name": "adam", "beta_1": 0.5}}, False, id="another number of the optimizer"),
        pytest.param({"model": Model(hidden=[16], dropout=0.5)}, False, id="dropout rate"),
        pytest.param({"model": Model(hidden=[17])}, False, id="units"),
    ],
)
def test_networks_of_equal_structure_are_one(small: Make, changed: dict[str, Any], shared: bool) -> None:
    config = small(model=Model(hidden=[16]), optimizer={"name": "adam"}, training=Training(epochs=1, batch_size=64))
    assert (network_of(replace(config, **changed)) is network_of(config)) == shared


def test_few_networks_are_kept(small: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared_networks, "KEPT", 2)
    monkeypatch.setattr(shared_networks, "_networks", type(shared_networks._networks)())
    one, two, three = (small(model=Model(hidden=[units])) for units in (3, 4, 5))
    first, second = network_of(one), network_of(two)
    assert network_of(one) is first
    network_of(three)
    assert network_of(one) is first
    assert network_of(two) is not second
