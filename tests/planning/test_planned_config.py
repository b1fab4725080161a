"""A job trains what was planned for it, or nothing."""

from dataclasses import replace

import pytest

from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.config.schema import Config, Training
from mnist_sweeps.planning.planned_config import check_as_planned, planned_text


def test_the_planned_config_passes_whatever_machine_trains_it() -> None:
    config = Config(seeds=3)
    check_as_planned(replace(config, backend="jax", threads=1, seeds=[0, 1, 2]), planned_text(config))


@pytest.mark.parametrize(
    ("composed", "line"),
    [
        (Config(training=Training(epochs=2)), "training.epochs=2.0: planned as 20.0"),
        (Config(optimizer={"name": "sgd"}), "optimizer.name=sgd: planned as adam"),
        (Config(seeds=2), r"seeds=\[0, 1\]: planned as \[0\]"),
    ],
)
def test_another_config_is_refused_with_each_key_that_differs(composed: Config, line: str) -> None:
    with pytest.raises(ConfigError, match=line):
        check_as_planned(composed, planned_text(Config()))
