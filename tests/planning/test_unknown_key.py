"""What is proposed instead of an unknown key."""

import pytest
from omegaconf import OmegaConf
from omegaconf.errors import OmegaConfBaseException

from mnist_sweeps.planning.unknown_key import unknown_key

CONFIG = {
    "training": {"epochs": 5},
    "model": {"dropout": 0.1, "conv": {"dropout": 0.2}, "hidden": [3]},
    "optimizer": None,
    "seeds": 1,
    "sweep": {"margin": 0.2},
    "planned": None,
    "hydra": {"epochs": 1},
}


@pytest.mark.parametrize(
    ("key", "message"),
    [
        ("epochs", "epochs: there is no such key; did you mean training.epochs?"),
        ("dropout", "dropout: there is no such key; did you mean model.dropout or model.conv.dropout?"),
        ("margin", "margin: there is no such key; did you mean sweep.margin?"),
        ("sees", "sees: there is no such key; did you mean seeds? allowed: model, optimizer, seeds, sweep, training"),
        (
            "sweep.seeds",
            "sweep.seeds: there is no such key in sweep; it is a setting of variants: common: {seeds: ...}",
        ),
        ("model.epochs", "model.epochs: there is no such key in model; allowed: conv, dropout, hidden"),
    ],
)
def test_the_key_is_looked_for_in_its_section_and_in_others(key: str, message: str) -> None:
    config = OmegaConf.create(CONFIG)
    OmegaConf.set_struct(config, True)
    with pytest.raises(OmegaConfBaseException) as refused:
        OmegaConf.update(config, key, 1)
    assert unknown_key(refused.value) == message
