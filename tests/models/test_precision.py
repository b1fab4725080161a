from dataclasses import replace

import keras
import pytest

from mnist_sweeps.config.schema import Config, Model
from mnist_sweeps.models import inspection, network

MIXED = Config(model=Model(hidden=[4], dropout=0.5), precision="mixed_bfloat16")


def test_layers_compute_in_bfloat16_and_the_output_and_all_weights_are_float32() -> None:
    model = network.build(MIXED, (28, 28), seed=0)
    assert [layer.compute_dtype for layer in model.layers] == ["bfloat16"] * (len(model.layers) - 1) + ["float32"]
    assert {variable.dtype for variable in model.trainable_variables} == {"float32"}


def test_the_precision_of_other_networks_is_not_changed() -> None:
    before = keras.config.dtype_policy()
    network.build(MIXED, (28, 28), seed=0)
    assert keras.config.dtype_policy() == before


@pytest.mark.parametrize(("precision", "found"), [("mixed_bfloat16", "mixed_bfloat16"), ("float32", None)])
def test_it_is_read_back(precision: str, found: str | None) -> None:
    model = network.build(replace(MIXED, precision=precision), (28, 28), seed=0)
    assert inspection.effective(model).get("precision") == found
