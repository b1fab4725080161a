"""The matrix convolution and the pooling against XLA's own; that layers train by them as by Keras's: test_jax_epoch."""

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from mnist_sweeps.training.engines import jax_convolutions
from mnist_sweeps.training.engines.jax_convolutions import INNERMOST

RNG = np.random.default_rng(0)


def values_and_gradients(function: Callable[..., jax.Array], *arrays: Any) -> list[Any]:
    """Of a weighted sum of the function's values, so that each pixel's gradient differs."""

    def total(*arrays: jax.Array) -> jax.Array:
        values = function(*arrays)
        return (values * jnp.cos(jnp.arange(values.size)).reshape(values.shape)).sum()

    return [function(*arrays), *jax.grad(total, range(len(arrays)))(*arrays)]


def check_equal(mine: list[Any], xla: list[Any]) -> None:
    for one, other in zip(mine, xla, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("size", [(3, 3), (5, 2), (1, 1)])
def test_a_convolution_is_xlas(size: tuple[int, int]) -> None:
    images, kernel = RNG.normal(size=(7, 9, 8, 3)), RNG.normal(size=(*size, 3, 4))

    def mine(images: jax.Array, kernel: jax.Array) -> jax.Array:
        return jax_convolutions.convolution(images.transpose(INNERMOST), kernel).transpose(INNERMOST)

    def xla(images: jax.Array, kernel: jax.Array) -> jax.Array:
        return jax.lax.conv_general_dilated(images, kernel, (1, 1), "VALID", dimension_numbers=("NHWC", "HWIO", "NHWC"))

    arrays = [jnp.asarray(images, jnp.float32), jnp.asarray(kernel, jnp.float32)]
    check_equal(values_and_gradients(mine, *arrays), values_and_gradients(xla, *arrays))


def test_pooling_is_xlas_and_the_first_of_equal_pixels_has_the_gradient() -> None:
    images = jnp.asarray(RNG.integers(0, 3, size=(3, 4, 6, 7)), jnp.float32)  # most windows have equal pixels

    def xla(images: jax.Array) -> jax.Array:
        return jax.lax.reduce_window(images, -jnp.inf, jax.lax.max, (1, 2, 2, 1), (1, 2, 2, 1), "VALID")

    check_equal(values_and_gradients(jax_convolutions.max_pool, images), values_and_gradients(xla, images))
