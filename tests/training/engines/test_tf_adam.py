from typing import Any

import keras
import numpy as np
import pytest

from mnist_sweeps.training.engines import tf_adam


def trained(optimizer: keras.optimizers.Optimizer, steps: int = 5) -> Any:
    variable = keras.Variable(np.linspace(-1, 1, 6, dtype="float32"))
    for step in range(steps):
        gradient = keras.ops.convert_to_tensor(np.sin(np.arange(6, dtype="float32") + step))
        optimizer.apply([gradient], [variable])
    return variable.numpy()


@pytest.mark.parametrize("name", ["Adam", "AdamW"])
@pytest.mark.parametrize(
    "keywords", [{}, {"weight_decay": 0.1}, {"clipnorm": 0.1}, {"gradient_accumulation_steps": 2}, {"amsgrad": True}]
)
def test_fused_updates_are_those_of_keras(name: str, keywords: dict[str, Any]) -> None:
    make = getattr(keras.optimizers, name)
    fused = make(0.01, epsilon=1e-3, **keywords)
    tf_adam.fuse(fused)
    np.testing.assert_allclose(trained(fused), trained(make(0.01, epsilon=1e-3, **keywords)), rtol=1e-5)


def test_only_adam_is_fused() -> None:
    adam, nadam = keras.optimizers.Adam(), keras.optimizers.Nadam()
    for optimizer in (adam, nadam):
        tf_adam.fuse(optimizer)
    assert "update_step" in vars(adam)
    assert "update_step" not in vars(nadam)
