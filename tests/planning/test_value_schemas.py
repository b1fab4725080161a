"""What the schema of a key takes is what the check of a configuration lets pass."""

from typing import Any

import pytest
from jsonschema import Draft7Validator
from omegaconf import OmegaConf
from omegaconf.errors import OmegaConfBaseException

from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.config.schema import Config, Conv, Model
from mnist_sweeps.config.validate import check
from mnist_sweeps.planning import compose
from mnist_sweeps.planning.section_schemas import dotted, section_keys

PROBES: list[Any] = [
    *(0, 1, 2, 9, 10, 60_001, -1, 0.0, 0.1, 0.999, 1.5, -0.5, True, False, None),
    *("auto", "relu", "valid", "full", "none", "test", "first", "gpu:1", "gpu:", "cpu:1", "best", "jax", "fit", "loss"),
    *("mean_squared_error", "float32", "30 min"),
    *([], [0], [1], [1, 1], [0, 1], [0.5], [0.5, 0.2], ["same"], ["relu"], [True], [1.5], {"name": "elu"}, {"a": 1}),
]  # fmt: skip
DECIDED_LATER = {"data.name", "data.path", "model.activation", "model.conv.activation"}  # by the data, and by Keras
COMPOSED = OmegaConf.structured(compose.Schema)
CHECKED = [
    key
    for key, schema in dotted(section_keys(Config()))
    if schema.get("type") != "object" and not key.startswith(compose.FREE) and key not in DECIDED_LATER
]


@pytest.mark.parametrize("key", CHECKED)
def test_what_a_key_takes_is_what_the_check_lets_pass(key: str) -> None:
    validator = Draft7Validator(dict(dotted(section_keys(Config())))[key])
    probes = [value for value in PROBES if is_taken_as_it_stands(key, value)]
    assert [value for value in probes if validator.is_valid(value) != passes(key, value)] == []
    assert {validator.is_valid(value) for value in PROBES} == {True, False}


def is_taken_as_it_stands(key: str, value: Any) -> bool:
    """Whether OmegaConf neither refuses nor converts the value before it is checked."""
    composed = COMPOSED  # that other values were set before changes nothing: each takes the place of the last
    try:
        OmegaConf.update(composed, key, value, merge=False)
    except OmegaConfBaseException:
        return False
    taken = OmegaConf.to_container(composed)
    for part in key.split("."):
        taken = taken[part]  # type: ignore[index, call-overload]
    return repr(taken) == repr(value)


def passes(key: str, value: Any) -> bool:
    """Whether the check has no fault of the key, in a network with as many layers as the value has entries."""
    layers = len(value) if isinstance(value, list) else 2
    conv = Conv(filters=[8] * layers, pool_after=list(range(1, layers + 1)))
    config = Config(model=Model(hidden=[8] * layers, conv=conv))
    config.training.early_stopping.patience = 1
    config.training.reduce_on_plateau.patience = 1
    section: Any = config
    *sections, name = key.split(".")
    for part in sections:
        section = getattr(section, part)
    setattr(section, name, value)
    try:
        check(config)
    except ConfigError as error:
        return not any(line.startswith((f"{key}=", f"{key}.")) for line in str(error).splitlines())
    return True
