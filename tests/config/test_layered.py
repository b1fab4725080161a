"""Keys with one entry per layer."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.config.layered import LAYERED_KEYS, entries, entry_counts, kernel_count, per_layer, value_of
from mnist_sweeps.config.schema import Config
from mnist_sweeps.config.validate import check

Make = Callable[..., Config]
THREE_AND_TWO = {"model.conv.filters": [4, 4, 4], "model.conv.pool_after": [1], "model.hidden": [8, 8]}
COUNTS = {
    "model.hidden": 2, "model.activation": 2, "model.batch_norm": 2, "model.dropout": 2,
    "model.conv.filters": 3, "model.conv.kernel_size": 3, "model.conv.padding": 3, "model.conv.activation": 3,
    "model.conv.batch_norm": 3, "model.conv.dropout": 3, "model.conv.pool_padding": 1,
    "model.kernel_regularizer": 2, "model.conv.kernel_regularizer": 3,
    "model.normalization": 2, "model.conv.normalization": 3, "model.kernel_constraint": 2,
    "model.conv.kernel_constraint": 3, "model.conv.strides": 3, "model.conv.separable": 3,
    "model.conv.pool": 1, "model.conv.pool_size": 1,
}  # fmt: skip


@pytest.mark.parametrize(
    ("value", "entries"),
    [
        pytest.param(0.5, [0.5, 0.5, 0.5], id="scalar"),
        pytest.param([0.1, 0.2, 0.3], [0.1, 0.2, 0.3], id="list"),
        pytest.param((0.1, 0.2, 0.3), [0.1, 0.2, 0.3], id="tuple"),
    ],
)
def test_per_layer(value: Any, entries: list[float]) -> None:
    assert per_layer(value, 3) == entries


def test_how_many_entries_each_key_has(configured: Make) -> None:
    config = configured({**THREE_AND_TWO, "initializer": {"name": "random_normal", "stddev": 0.1}})
    assert entry_counts(config) == {**COUNTS, "initializer.stddev": 5}
    assert kernel_count(config.model) == 5


@pytest.mark.parametrize("key", [key for key in COUNTS if key not in ("model.hidden", "model.conv.filters")])
def test_a_list_of_another_length_is_refused_and_a_single_value_is_repeated(configured: Make, key: str) -> None:
    config = configured(THREE_AND_TWO)
    value = value_of(config.model, key)
    assert entries(config.model, key) == [value] * COUNTS[key]
    check(configured({**THREE_AND_TWO, key: [value] * COUNTS[key]}))
    with pytest.raises(ConfigError, match=rf"^{key}=\[.*: {COUNTS[key] + 1} entries for {COUNTS[key]} "):
        check(configured({**THREE_AND_TWO, key: [value] * (COUNTS[key] + 1)}))


@pytest.mark.parametrize("layered", LAYERED_KEYS, ids=lambda layered: layered.key)
def test_each_entry_is_checked(configured: Make, layered: Any) -> None:
    config = configured(THREE_AND_TWO)
    count = max(layered.kind.count(config.model), 1)
    with pytest.raises(ConfigError, match=rf"{layered.key}=-1: expected {re.escape(layered.allowed)}$"):
        check(configured({**THREE_AND_TWO, layered.key: [*entries(config.model, layered.key)[:-1], -1][:count]}))
