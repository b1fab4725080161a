"""The rows that others train are those of conf/sweep/mlp_table.yaml."""

from pathlib import Path

import pytest
import yaml

import benchmarks
from mnist_sweeps.config.schema import Config
from mnist_sweeps.planning import compose
from mnist_sweeps.planning.planner import plan

CONFIG = yaml.safe_load((Path(benchmarks.__file__).parent / "contenders" / "conf" / "config.yaml").read_text())
OTHERS = {row["name"]: {**CONFIG["usual"], **row} for row in CONFIG["rows"]}


@pytest.fixture(scope="module")
def ours() -> dict[str, Config]:
    with compose.session():
        return {row.name: row.config for row in plan(["sweep=mlp_table"]).rows}


def test_same_rows_in_the_same_order(ours):
    assert list(OTHERS) == list(ours)


@pytest.mark.parametrize("name", OTHERS)
def test_same_settings(ours, name):
    config, other = ours[name], OTHERS[name]
    for key in ("hidden", "batch_norm", "dropout", "activation"):
        assert getattr(config.model, key) == other[key], key
    assert (config.training.epochs, config.training.batch_size) == (other["epochs"], 128)
    assert config.optimizer.items() >= spec(other["optimizer"]).items()
    assert config.initializer == spec(other["initializer"])


def spec(keras: dict) -> dict:
    """Keras's `{class_name, config}` as a config file has it."""
    return {"name": keras["class_name"], **keras["config"]}
