"""The network that a variant trains in; variants of equal structure in one process share one.

Its weights, dropout states and optimizer are set to those of a fresh network at the start of each run, so that nothing
but the time to build and trace it is shared.
"""

from __future__ import annotations

import math

import keras

from mnist_sweeps.config.schema import Config
from mnist_sweeps.models import network
from mnist_sweeps.models.loss_scaling import optimizer_of
from mnist_sweeps.training.engines import structure
from mnist_sweeps.training.engines.recently_used import RecentlyUsed
from mnist_sweeps.training.loss import loss_of

KEPT = 8  # networks, least recently used ones dropped
STEPS_PER_EXECUTION = {"tensorflow": 32, "jax": 1}  # JAX unrolls the steps: 32 take 5-11 s to compile for an MLP

_networks: RecentlyUsed[keras.Model] = RecentlyUsed()


def compiled_like(fresh: keras.Model, config: Config, images: int, engine: str = "fit") -> keras.Model:
    """A compiled network of the structure of a fresh one, in any state.

    Args:
        fresh: The network of a run of the variant; it is left as it is.
        config: The config of the variant.
        images: Number of training images.
        engine: That it will train by; `compiled` on JAX replaces some layers by faster ones.
    """
    batch = config.training.batch_size
    optimizer, loss = optimizer_of(config), loss_of(config.training)
    key = f"{structure.text(fresh, optimizer, loss, batch)}, {_steps_per_execution(config, images)}, {engine}"
    return _networks.kept_or_made(key, lambda: _compiled(fresh, config, images, engine), KEPT)


def _compiled(fresh: keras.Model, config: Config, images: int, engine: str) -> keras.Model:
    model = network.build(config, _shape(fresh), 0, fresh.output_shape[-1])
    if (keras.backend.backend(), engine) == ("jax", "compiled"):
        from mnist_sweeps.training.engines.jax_convolutions import with_fast_layers

        model = with_fast_layers(model)
    compile_for(model, config, images)
    model.optimizer.build(model.trainable_variables)
    return model


def _shape(model: keras.Model) -> tuple[int, ...]:
    """Of one image, as `network.build` takes it."""
    shape: tuple[int, ...] = model.input_shape[1:]
    return shape[:2] if len(shape) == 3 else shape


def compile_for(model: keras.Model, config: Config, images: int) -> None:
    """Compiles with the config's optimizer; XLA on JAX only (TensorFlow's is 5 times slower on an MLP on a CPU)."""
    model.compile(
        optimizer=optimizer_of(config),
        loss=loss_of(config.training),
        metrics=["accuracy"],
        steps_per_execution=_steps_per_execution(config, images),
        jit_compile=keras.backend.backend() == "jax",
    )


def _steps_per_execution(config: Config, images: int) -> int:
    return min(STEPS_PER_EXECUTION[keras.backend.backend()], math.ceil(images / config.training.batch_size))
