"""Convolutions and max pooling for JAX on a CPU, as multiplications of matrices with the images innermost.

XLA's own gradients of a convolution and of max pooling are loops over single numbers there: an epoch of the small CNN
on 3,600 images takes 12 s by them, 0.35 s by these and 0.22 s on TensorFlow (one core, benchmarks/results.md). Values
and gradients are those of Keras's layers but for the order of sums.
"""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import keras
import numpy as np

from mnist_sweeps.models.clone import clone

INNERMOST = (3, 1, 2, 0)  # [images, height, width, channels] to [channels, height, width, images], and back


def with_fast_layers(model: keras.Model) -> keras.Model:
    """The network with layers of this module where they apply, and new weights; elsewhere than on a CPU the network.

    Args:
        model: A built network that is not compiled.
    """
    if jax.default_backend() != "cpu" or not any(map(_fast_class, model.layers)):
        return model
    return clone(model, lambda layer: _fast_class(layer) or type(layer))


def _fast_class(layer: keras.Layer) -> type[keras.Layer] | None:
    if layer.compute_dtype != layer.variable_dtype:  # a matrix product in bfloat16 is slower here than in float32
        return None
    if type(layer) is keras.layers.Conv2D and (layer.strides, layer.dilation_rate, layer.groups) == ((1, 1), (1, 1), 1):
        return MatrixConv2D
    if type(layer) is keras.layers.MaxPooling2D and layer.pool_size == layer.strides == (2, 2):
        return PairwiseMaxPooling2D
    return None


class MatrixConv2D(keras.layers.Conv2D):
    """A convolution of stride 1 as one multiplication of matrices."""

    def convolution_op(self, inputs: Any, kernel: Any) -> Any:
        """The convolution [images, height, width, filters] without bias, as Keras's layer has it.

        Args:
            inputs: [images, height, width, channels].
            kernel: [height, width, channels, filters].
        """
        kernel, images = keras.ops.convert_to_tensor(kernel), inputs.transpose(INNERMOST)
        if self.padding == "same":
            margins = [(size - 1) // 2 for size in kernel.shape[:2]]
            rest = [size - 1 - margin for size, margin in zip(kernel.shape, margins, strict=False)]
            images = jnp.pad(images, ((0, 0), *zip(margins, rest, strict=True), (0, 0)))
        return convolution(images, kernel).transpose(INNERMOST)


class PairwiseMaxPooling2D(keras.layers.MaxPooling2D):
    """The maximum of each 2 x 2 pixels."""

    def call(self, inputs: Any) -> Any:
        """The maxima [images, height, width, channels], as Keras's layer has them."""
        images = inputs.transpose(INNERMOST)
        _, height, width, _ = images.shape
        if self.padding == "same":
            margins = ((0, 0), (0, height % 2), (0, width % 2), (0, 0))
            images = jnp.pad(images, margins, constant_values=-np.inf)
        return max_pool(images[:, : images.shape[1] // 2 * 2, : images.shape[2] // 2 * 2]).transpose(INNERMOST)


@jax.custom_vjp
def convolution(images: jax.Array, kernel: jax.Array) -> jax.Array:
    """The valid convolution [filters, height, width, images].

    Args:
        images: [channels, height, width, images].
        kernel: [height, width, channels, filters].
    """
    return _convolution(images, kernel)[0]


def _convolution(images: jax.Array, kernel: jax.Array) -> tuple[jax.Array, Any]:
    rows, columns, channels, filters = kernel.shape
    height, width, number = images.shape[1] - rows + 1, images.shape[2] - columns + 1, images.shape[3]
    size = (channels, height, width, number)
    # A loop, not a concatenation: XLA would compute the images anew in each of its parts
    patches = jax.lax.map(
        lambda shift: jax.lax.dynamic_slice(images, (0, *shift, 0), size), _shifts(rows, columns)
    ).reshape(-1, height * width * number)
    result = kernel.reshape(-1, filters).T @ patches
    return result.reshape(filters, height, width, number), (patches, images, kernel)


def _gradients(kept: Any, gradient: jax.Array) -> tuple[jax.Array, jax.Array]:
    """Of the images and of the kernel."""
    patches, images, kernel = kept
    rows, columns, channels, filters = kernel.shape
    gradient = _computed_once(gradient, kernel)
    shape, gradient = gradient.shape, gradient.reshape(filters, -1)
    of_kernel = (patches @ gradient.T).reshape(kernel.shape)
    of_patches = (kernel.reshape(-1, filters) @ gradient).reshape(rows * columns, channels, *shape[1:])

    def add(total: jax.Array, part: Any) -> tuple[jax.Array, None]:
        shift, values = part
        start = (0, *shift, 0)
        values += jax.lax.dynamic_slice(total, start, values.shape)
        return jax.lax.dynamic_update_slice(total, values, start), None

    of_images, _ = jax.lax.scan(add, jnp.zeros_like(images), (_shifts(rows, columns), of_patches))
    return of_images, of_kernel


convolution.defvjp(_convolution, _gradients)


def _shifts(rows: int, columns: int) -> jax.Array:
    return jnp.asarray(np.argwhere(np.ones((rows, columns))))


def _computed_once(gradient: jax.Array, kernel: jax.Array) -> jax.Array:
    """The gradient, in memory before it is multiplied; 2.3 instead of 5.9 ms for a convolution of 128 images.

    XLA would compute it flattened, pixel by pixel, inside the multiplication, and drops `optimization_barrier` on a
    CPU. What a loop may change is computed before it; this loop ends before its first round.
    """

    def is_infinite(state: Any) -> Any:
        return state[0] == np.inf  # which no weight is: its network has diverged before

    first = kernel.reshape(-1)[0]
    return jax.lax.while_loop(is_infinite, lambda state: (state[0] * 0, state[1] * 0), (first, gradient))[1]


@jax.custom_vjp
def max_pool(images: jax.Array) -> jax.Array:
    """The maxima of 2 x 2 pixels [channels, height / 2, width / 2, images].

    Args:
        images: [channels, height, width, images], of even height and width.
    """
    return _max_pool(images)[0]


def _max_pool(images: jax.Array) -> tuple[jax.Array, jax.Array]:
    first, second, third, fourth = (images[:, row::2, column::2] for row in (0, 1) for column in (0, 1))
    largest = jnp.maximum(jnp.maximum(first, second), jnp.maximum(third, fourth))
    places = jnp.where(third == largest, 2, 3)
    places = jnp.where(first == largest, 0, jnp.where(second == largest, 1, places))
    return largest, places.astype(jnp.int8)


def _max_pool_gradient(places: jax.Array, gradient: jax.Array) -> tuple[jax.Array]:
    """Each maximum's gradient to the first pixel that has it, as TensorFlow and XLA do."""
    channels, height, width, number = gradient.shape
    window = jnp.arange(4, dtype=jnp.int8).reshape(1, 1, 2, 1, 2, 1)
    spread = jnp.where(places[:, :, None, :, None] == window, gradient[:, :, None, :, None], 0)
    return (spread.reshape(channels, 2 * height, 2 * width, number),)


max_pool.defvjp(_max_pool, _max_pool_gradient)
