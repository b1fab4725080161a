"""Keras's loss scaling, without which small gradients are 0 in float16: Micikevicius et al. 2018, arXiv:1710.03740."""

from __future__ import annotations

from typing import Any

import keras

from mnist_sweeps.config.allowed import HALF
from mnist_sweeps.config.schema import Config
from mnist_sweeps.models import keras_objects


def optimizer_of(config: Config) -> keras.Optimizer:
    """The optimizer of a config, in a `keras.mixed_precision.LossScaleOptimizer` where layers compute in float16.

    `keras.Model.compile` would wrap it, too, but only by the policy of the model, which is not that of its layers here.
    """
    optimizer = keras_objects.optimizer(config.optimizer)
    return keras.mixed_precision.LossScaleOptimizer(optimizer) if config.precision == HALF else optimizer


def unscaled(optimizer: keras.Optimizer) -> keras.Optimizer:
    """The optimizer that a `LossScaleOptimizer` wraps; any other optimizer itself."""
    return optimizer.inner_optimizer if is_scaled(optimizer) else optimizer


def is_scaled(optimizer: keras.Optimizer) -> bool:
    """Whether it scales the loss, by a factor that it adapts."""
    return isinstance(optimizer, keras.mixed_precision.LossScaleOptimizer)


def settings_of(optimizer: keras.Optimizer) -> dict[str, Any]:
    """The settings of the optimizer as Keras has them, and where the loss is scaled the factor at the start."""
    inner = unscaled(optimizer)
    scale = {"initial_scale": optimizer.initial_scale} if is_scaled(optimizer) else {}
    return {**inner.get_config(), "name": type(inner).__name__, **scale}  # Keras numbers its names


def is_default(optimizer: keras.Optimizer, policy: str) -> bool:
    """Whether it scales the loss as `optimizer_of` lets it in that dtype policy."""
    if not is_scaled(optimizer):
        return policy != HALF
    default = keras.mixed_precision.LossScaleOptimizer(optimizer.inner_optimizer)
    return policy == HALF and all(
        getattr(optimizer, key) == getattr(default, key) for key in ("initial_scale", "dynamic_growth_steps")
    )
