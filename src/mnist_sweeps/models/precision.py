"""The precision that layers compute in: Keras's dtype policies, `precision` in a config."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import keras

from mnist_sweeps.config.allowed import FULL
from mnist_sweeps.models.clone import clone


@contextmanager
def layers_of(precision: str) -> Iterator[None]:
    """Layers that are made inside compute in `precision`; their weights are float32.

    Args:
        precision: A dtype policy. `float32` leaves Keras's own, which is that of `floatx`.
    """
    before = keras.config.dtype_policy()
    if precision != FULL:
        keras.config.set_dtype_policy(precision)
    try:
        yield
    finally:
        keras.config.set_dtype_policy(before)


def of_output(precision: str) -> str | None:
    """The policy of the output layer: float32 for probabilities, as Keras's guide to mixed precision says."""
    return None if precision == FULL else FULL


def effective(model: keras.Model) -> str | None:
    """The policy that layers were made with other than `float32`; None where there is none."""
    policies = {layer.dtype_policy.name for layer in _flat(model) if layer.compute_dtype != layer.variable_dtype}
    return ", ".join(sorted(policies)) or None


def _flat(model: keras.Model) -> Iterator[keras.Layer]:
    """The layers, with those of a network inside in its place."""
    for layer in model.layers:
        yield from _flat(layer) if isinstance(layer, keras.Model) else [layer]


def in_full(model: keras.Model) -> keras.Model:
    """The network with the same weights, computing in float32; the network itself where it does.

    ONNX has no convolution in bfloat16, and TFLite no bfloat16.
    """
    if effective(model) is None:
        return model
    copied = clone(model, dtype=FULL)
    copied.set_weights(model.get_weights())
    return copied
