"""The hidden dense layers of a network: Dense -> activation -> normalization -> dropout."""

from __future__ import annotations

from collections.abc import Iterator

import keras

from mnist_sweeps.config.layered import entries
from mnist_sweeps.config.schema import Config
from mnist_sweeps.models import keras_objects
from mnist_sweeps.models.activated_layer import KeyedLayer, activated, normalized
from mnist_sweeps.models.seeded import dropout, kernel_initializer


def dense_blocks(config: Config, seed: int) -> Iterator[list[KeyedLayer]]:
    """The layers of each block, with the key that describes each.

    Args:
        config: The configuration of the variant.
        seed: Seed of the run.
    """
    model = config.model
    before = len(model.conv.filters)
    norms, rates = entries(model, "model.batch_norm"), entries(model, "model.dropout")
    activations, penalties = entries(model, "model.activation"), entries(model, "model.kernel_regularizer")
    specs, limits = entries(model, "model.normalization"), entries(model, "model.kernel_constraint")
    for index, units in enumerate(model.hidden):
        name = f"hidden_{index + 1}"
        layer = keras.layers.Dense(
            units,
            kernel_initializer=kernel_initializer(config, before + index, name, seed),
            kernel_regularizer=keras_objects.regularizer("model.kernel_regularizer", penalties[index], rank=2),
            kernel_constraint=keras_objects.constraint("model.kernel_constraint", limits[index]),
            name=name,
        )
        layers = activated("model.activation", "model.hidden", layer, activations[index], seed)
        block = [*normalized("model", specs[index], layer, layers)]
        if norms[index]:
            block.append(("model.batch_norm", keras.layers.BatchNormalization(name=f"{name}_batch_norm")))
        if rates[index]:
            block.append(("model.dropout", dropout(rates[index], f"{name}_dropout", seed)))
        yield block
