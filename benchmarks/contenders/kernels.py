"""The floor under an epoch: its matrix multiplications or convolutions alone, at the shapes that the batches have.

No activation, batch norm, dropout, loss, optimizer or gather; no gradient of the first layer's input.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from itertools import pairwise

import numpy as np

from benchmarks.contender import Gate
from mnist_sweeps.config.schema import Config
from mnist_sweeps.training.inputs import EVALUATION_BATCH, Arrays

Pass = Callable[[int, bool], None]  # the kernels of a batch of that size, backward too or not


def train(config: Config, arrays: Arrays, epochs: int, gate: Gate) -> None:
    """The kernels of one epoch a turn."""
    kernels = _convolutions(config, arrays) if config.model.conv.filters else _products(config, arrays)
    images, batch = len(arrays.train[1]), config.training.batch_size
    held = 0 if arrays.validation is None else len(arrays.validation[1])
    for _ in range(epochs):
        gate.begin()
        for begin in range(0, images, batch):
            kernels(min(batch, images - begin), True)
        for begin in range(0, held, EVALUATION_BATCH):
            kernels(min(EVALUATION_BATCH, held - begin), False)
        gate.end({})


def _products(config: Config, arrays: Arrays) -> Pass:
    """By NumPy."""
    sizes = [*arrays.train[0].shape[1:], *config.model.hidden, 10]
    values = {width: np.ones((EVALUATION_BATCH, width), np.float32) for width in sizes}
    weights = [np.ones(shape, np.float32) for shape in pairwise(sizes)]

    def kernels(batch: int, backward: bool) -> None:
        for index, weight in enumerate(weights):
            inputs, outputs = (values[width][:batch] for width in weight.shape)
            inputs @ weight
            if backward:
                inputs.T @ outputs
            if backward and index:
                outputs @ weight.T

    return kernels


def _convolutions(config: Config, arrays: Arrays) -> Pass:
    """By TensorFlow, those of a batch in one graph; the dense output layer, a thousandth of the work, is left out."""
    import keras
    import tensorflow as tf

    from mnist_sweeps.models import network

    model = network.build(config, arrays.shape, seed=0)
    layers = [layer for layer in model.layers if isinstance(layer, keras.layers.Conv2D)]

    @cache
    def graph(batch: int, backward: bool) -> Callable[[], list[tf.Tensor]]:
        values = [  # outside of the graph, which would fold them
            (tf.ones([batch, *layer.input.shape[1:]]), layer.kernel.value, tf.ones([batch, *layer.output.shape[1:]]))
            for layer in layers
        ]

        def results() -> list[tf.Tensor]:
            found = []
            for index, (layer, (inputs, weight, outputs)) in enumerate(zip(layers, values, strict=True)):
                how = {"strides": [1, 1, 1, 1], "padding": layer.padding.upper()}
                found.append(tf.raw_ops.Conv2D(input=inputs, filter=weight, **how))
                if backward:
                    known = {"input": inputs, "filter_sizes": weight.shape, "out_backprop": outputs}
                    found.append(tf.raw_ops.Conv2DBackpropFilter(**known, **how))
                if backward and index:
                    known = {"input_sizes": inputs.shape, "filter": weight, "out_backprop": outputs}
                    found.append(tf.raw_ops.Conv2DBackpropInput(**known, **how))
            return [tf.reduce_max(one) for one in found]

        return tf.function(results)

    return lambda batch, backward: graph(batch, backward)()[-1].numpy()
