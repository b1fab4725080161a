"""Trains several seeds of one network as one program (`jax.vmap` over the JAX epoch), for GPUs.

A CPU trains them faster one after another: batched matrix products are half as fast as single ones there.
"""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from typing import Any

import jax
import jax.numpy as jnp
import keras
import numpy as np
from numpy.typing import NDArray

from mnist_sweeps.config.schema import Config
from mnist_sweeps.models import inspection
from mnist_sweeps.training.engines.jax_programs import State, epoch_program, on_device
from mnist_sweeps.training.inputs import Arrays
from mnist_sweeps.training.permutation import permutation

MAX_MULTIPLIES = 20e6  # multiply-accumulates of one image; larger networks train one seed at a time


class Member:
    """One of the trainings, with as much of a Keras model as callbacks use; its weights are fetched on demand."""

    def __init__(self, together: Together, index: int) -> None:
        self.together, self.index = together, index
        self.stop_training = False
        self.weights: list[NDArray[Any]] | None = None  # final weights, once this member has stopped
        self.history: Any = None  # Keras's CallbackList puts its History here

    def get_weights(self) -> list[NDArray[Any]]:
        """The weights in the order of `keras.Model.get_weights`."""
        return self.together.weights_of(self.index) if self.weights is None else self.weights

    def set_weights(self, weights: list[NDArray[Any]]) -> None:
        """Ends with these weights, as early stopping asks for when it restores the best."""
        self.weights = weights


class Together:
    """Trains a compiled network from several starts at once; each has its own order, dropout and end.

    A member whose loss is not finite does not affect the others: they share only the images.
    """

    def __init__(self, model: keras.Model, config: Config, arrays: Arrays) -> None:
        self.config = config
        self.train = on_device(arrays.weighted_train)
        self.validation = None if arrays.validation is None else on_device(arrays.validation)
        program = jax.vmap(epoch_program(model, config.training.batch_size), in_axes=(0, 0, None, None))
        self.epoch = jax.jit(program, donate_argnums=0)
        places = {id(variable): (0, place) for place, variable in enumerate(model.trainable_variables)}
        places |= {id(variable): (1, place) for place, variable in enumerate(model.non_trainable_variables)}
        self.places = [places[id(variable)] for variable in model.weights]
        self.state: State = ([], [], [])

    def run(
        self, starts: Sequence[State], seeds: Sequence[int], callbacks: Sequence[list[keras.callbacks.Callback]]
    ) -> list[Member]:
        """The members with their histories and last weights, in the order of their starts."""
        self.state = jax.tree.map(lambda *values: jnp.stack(values), *starts)
        members = [Member(self, index) for index in range(len(seeds))]
        callback_lists = [
            keras.callbacks.CallbackList(callbacks_of_member, add_history=True, model=member)
            for callbacks_of_member, member in zip(callbacks, members, strict=True)
        ]
        for callback_list in callback_lists:
            callback_list.on_train_begin()
        for epoch in range(self.config.training.epochs):
            self._train_epoch(epoch, seeds, members, callback_lists)
            if all(member.stop_training for member in members):
                break
        for callback_list, member in zip(callback_lists, members, strict=True):
            member.weights = member.get_weights()
            callback_list.on_train_end()
        return members

    def _train_epoch(self, epoch: int, seeds: Sequence[int], members: list[Member], callback_lists: list[Any]) -> None:
        training = [index for index, member in enumerate(members) if not member.stop_training]
        for index in training:
            callback_lists[index].on_epoch_begin(epoch)
        orders = np.stack([permutation(seed, epoch, len(self.train[1])) for seed in seeds])
        self.state, logs = self.epoch(self.state, jnp.asarray(orders, jnp.int32), self.train, self.validation)
        table = {key: np.asarray(values, float) for key, values in logs.items()}
        for index in training:
            callback_lists[index].on_epoch_end(epoch, {key: float(values[index]) for key, values in table.items()})
            if members[index].stop_training:
                members[index].weights = members[index].get_weights()

    def weights_of(self, index: int) -> list[NDArray[Any]]:
        """A member's weights now, fetched from the device."""
        return [np.asarray(self.state[kind][place][index]) for kind, place in self.places]


def max_seeds_together(model: keras.Model, batch: int) -> int:
    """The number of seeds that train fastest as one program and fit into half of the device's memory; at least 1.

    Networks above `MAX_MULTIPLIES` train one seed at a time, as their kernels take longer than their launches: relative
    to one seed after another, 5 seeds together took
    0.87, 1.05 and 1.35 of the time with 9, 126 and 244 million multiply-accumulates an image
    (convolutions become grouped ones; H200, batch 128, medians of 5 epochs), and 0.32 with half a million.
    Each seed needs 8 floats a parameter (weights, gradients, Adam's averages and copies) and three times every layer's
    output for a batch (forward, backward, XLA's temporaries).

    Args:
        model: The built network.
        batch: Images per batch.
    """
    if inspection.multiplies(model) > MAX_MULTIPLIES:
        return 1
    outputs = sum(math.prod(layer.output.shape[1:]) for layer in model.layers)
    bytes_each = 4 * (8 * model.count_params() + 3 * batch * outputs)
    memory_stats = jax.local_devices()[0].memory_stats() or {}  # empty on a CPU
    memory = memory_stats.get("bytes_limit") or os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return max(1, int(memory / 2 / bytes_each))
