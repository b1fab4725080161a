from dataclasses import replace

import keras
import numpy as np
import pytest

from mnist_sweeps.config.schema import Config, Model
from mnist_sweeps.models import inspection, network, precision

MIXED = Config(model=Model(hidden=[4], dropout=0.5), precision="mixed_bfloat16")


def test_layers_compute_in_bfloat16_and_the_output_and_all_weights_are_float32() -> None:
    model = network.build(MIXED, (28, 28), seed=0)
    assert [layer.compute_dtype for layer in model.layers] == ["bfloat16"] * (len(model.layers) - 1) + ["float32"]
    assert {variable.dtype for variable in model.trainable_variables} == {"float32"}


def test_the_precision_of_other_networks_is_not_changed() -> None:
    before = keras.config.dtype_policy()
    network.build(MIXED, (28, 28), seed=0)
    assert keras.config.dtype_policy() == before


@pytest.mark.parametrize(("policy", "found"), [("mixed_bfloat16", "mixed_bfloat16"), ("float32", None)])
def test_it_is_read_back(policy: str, found: str | None) -> None:
    model = network.build(replace(MIXED, precision=policy), (28, 28), seed=0)
    assert inspection.effective(model).get("precision") == found


def test_the_same_weights_in_full_precision() -> None:
    mixed = network.build(MIXED, (28, 28), seed=0)
    full = network.build(replace(MIXED, precision="float32"), (28, 28), seed=0)  # the seed gives equal weights
    images = np.random.default_rng(0).random((8, 784), np.float32)
    assert precision.in_full(full) is full
    assert np.array_equal(precision.in_full(mixed).predict(images, verbose=0), full.predict(images, verbose=0))
