from collections.abc import Callable
from typing import Any

import pytest
from tests.networks import CNN, built

from mnist_sweeps.config.schema import Config
from mnist_sweeps.models import inspection

Make = Callable[[dict[str, Any]], Config]

# counts

HIDDEN = 784 * 5 + 5 + 4 * 5
CONV_1, CONV_2 = 3 * 3 * 1 * 4 + 4 + 4 * 4, 3 * 3 * 4 * 8 + 8
FLAT = 11 * 11 * 8  # 28 -> conv 26 -> pool 13 -> conv 11

COUNTS = [
    pytest.param(
        {"model.hidden": [5], "model.batch_norm": True},
        {"total": HIDDEN + 60, "trainable": HIDDEN - 10 + 60, "non_trainable": 10},
        784 * 5 + 5 * 10,
        id="mlp",
    ),
    pytest.param(
        CNN,
        {
            "total": CONV_1 + CONV_2 + FLAT * 16 + 16 + 4 * 16 + 170,
            "trainable": CONV_1 + CONV_2 + FLAT * 16 + 16 + 4 * 16 + 170 - 8 - 32,
            "non_trainable": 8 + 32,
        },
        26 * 26 * 9 * 4 + 11 * 11 * 9 * 4 * 8 + FLAT * 16 + 160,
        id="cnn",
    ),
]


@pytest.mark.parametrize(("settings", "parameters", "multiplies"), COUNTS)
def test_counts(configured: Make, settings: dict[str, Any], parameters: dict[str, int], multiplies: int) -> None:
    model = built(configured({"model.batch_norm": False, **settings}))
    assert inspection.parameters(model) == parameters
    assert inspection.multiplies(model) == multiplies


def test_seeds_of_dropout_are_not_parameters(configured: Make) -> None:
    with_dropout, without = (built(configured({"model.hidden": [5], "model.dropout": rate})) for rate in (0.5, 0.0))
    assert inspection.parameters(with_dropout) == inspection.parameters(without)


# read back

L1 = {"name": "l1", "l1": 0.5}


def test_effective_says_what_was_built_not_what_was_asked(configured: Make) -> None:
    model = built(configured({**CNN, "model.conv.activation": "tanh"}))
    model.get_layer("hidden_1_dropout").rate = 0.25
    found = inspection.effective(model)
    layers = {layer["name"]: layer for layer in found["layers"]}
    assert list(layers) == [layer.name for layer in model.layers]
    assert layers["conv_1"]["class"] == "Conv2D"
    assert {key: layers["conv_1"][key] for key in ("filters", "kernel_size", "padding", "activation")} == {
        "filters": 4,
        "kernel_size": (3, 3),
        "padding": "valid",
        "activation": "tanh",
    }
    assert layers["hidden_1_dropout"]["rate"] == 0.25
    assert found["input_shape"] == [28, 28, 1]
    assert (layers["conv_1"]["output_shape"], layers["conv_1"]["parameters"]) == ([26, 26, 4], 40)
    assert (layers["conv_1_batch_norm"]["parameters"], layers["conv_1_pool"]["output_shape"]) == (16, [13, 13, 4])
    assert (layers["hidden_1_batch_norm"]["momentum"], layers["hidden_1_batch_norm"]["epsilon"]) == (0.99, 1e-3)
    assert {name: spec["name"] for name, spec in found["initializers"].items()} == {
        "conv_1": "HeNormal",
        "conv_2": "HeNormal",
        "hidden_1": "HeNormal",
        "output": "GlorotUniform",
    }


def test_regularizers_are_read_back_from_the_layers_that_have_one(configured: Make) -> None:
    penalties = {"model.kernel_regularizer": {"name": "l2", "l2": 0.25}, "model.conv.kernel_regularizer": [None, L1]}
    assert inspection.effective(built(configured({**CNN, **penalties})))["regularizers"] == {
        "conv_2": {"name": "L1", "l1": 0.5},
        "hidden_1": {"name": "L2", "l2": 0.25},
    }
    assert "regularizers" not in inspection.effective(built(configured(CNN)))
