from dataclasses import replace

import keras
import pytest

from mnist_sweeps.config.schema import Config
from mnist_sweeps.models.loss_scaling import is_default, is_scaled, optimizer_of, unscaled

HALF = Config(optimizer={"name": "sgd", "learning_rate": 0.5}, precision="mixed_float16")


@pytest.mark.parametrize("precision", ["float32", "mixed_bfloat16"])
def test_the_loss_is_not_scaled_without_float16(precision: str) -> None:
    optimizer = optimizer_of(replace(HALF, precision=precision))
    assert not is_scaled(optimizer)
    assert unscaled(optimizer) is optimizer


def test_in_float16_the_loss_is_scaled_by_what_adapts() -> None:
    optimizer = optimizer_of(HALF)
    assert is_scaled(optimizer)
    assert type(unscaled(optimizer)) is keras.optimizers.SGD
    assert float(unscaled(optimizer).learning_rate) == 0.5
    assert float(optimizer.scale_loss(2.0)) == 2 * 2**15


def test_gradients_that_overflow_halve_the_factor_and_change_no_weight() -> None:
    optimizer, weight = optimizer_of(HALF), keras.Variable([1.0])
    optimizer.apply([keras.ops.convert_to_tensor([float("inf")])], [weight])
    assert float(weight[0]) == 1
    assert float(optimizer.scale_loss(1.0)) == 2**14


@pytest.mark.parametrize(
    ("scale", "policy", "expected"),
    [(None, "float32", True), (None, "mixed_float16", False), (2.0**15, "mixed_float16", True),
     (2.0**15, "float32", False), (8.0, "mixed_float16", False)],
)  # fmt: skip
def test_which_scaling_is_that_of_a_policy(scale: float | None, policy: str, expected: bool) -> None:
    optimizer = keras.optimizers.SGD()
    if scale:
        optimizer = keras.mixed_precision.LossScaleOptimizer(optimizer, initial_scale=scale)
    assert is_default(optimizer, policy) == expected
