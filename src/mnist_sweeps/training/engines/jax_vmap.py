"""Several trainings of one network as one program (`jax.vmap` over the epoch of `compiled`): made for GPUs.

A CPU trains them faster one after another: its batched products of matrices are half as fast as single ones.
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
from mnist_sweeps.training.engines.jax_epoch import State, epoch_program, keep_programs, on_device
from mnist_sweeps.training.inputs import Arrays
from mnist_sweeps.training.permutation import permutation

MOST_MULTIPLIES = 20e6  # of an image, in a network that trains together with others


class Member:
    """One of the trainings, with as much of a Keras model as callbacks use; its weights are fetched when asked for."""

    def __init__(self, together: Together, index: int) -> None:
        self.together, self.index = together, index
        self.stop_training = False
        self.weights: list[NDArray[Any]] | None = None  # its own once it has stopped: the others train on
        self.history: Any = None  # Keras's CallbackList puts its History here

    def get_weights(self) -> list[NDArray[Any]]:
        """The weights in the order of `keras.Model.get_weights`."""
        return self.together.weights_of(self.index) if self.weights is None else self.weights

    def set_weights(self, weights: list[NDArray[Any]]) -> None:
        """Ends with these weights, as early stopping asks for when it restores the best."""
        self.weights = weights


class Together:
    """Trains a compiled network from several starts at once; each has its own order, dropout and end.

    A member whose loss is no number harms no other: the programs of members share nothing but the images.
    """

    def __init__(self, model: keras.Sequential, config: Config, arrays: Arrays) -> None:
        keep_programs()
        self.config = config
        self.train = on_device(arrays.train)
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
        told = [
            keras.callbacks.CallbackList(own, add_history=True, model=member)
            for own, member in zip(callbacks, members, strict=True)
        ]
        for one in told:
            one.on_train_begin()
        for epoch in range(self.config.training.epochs):
            self._train_epoch(epoch, seeds, members, told)
            if all(member.stop_training for member in members):
                break
        for one, member in zip(told, members, strict=True):
            member.weights = member.get_weights()
            one.on_train_end()
        return members

    def _train_epoch(self, epoch: int, seeds: Sequence[int], members: list[Member], told: list[Any]) -> None:
        training = [index for index, member in enumerate(members) if not member.stop_training]
        for index in training:
            told[index].on_epoch_begin(epoch)
        orders = np.stack([permutation(seed, epoch, len(self.train[1])) for seed in seeds])
        self.state, logs = self.epoch(self.state, jnp.asarray(orders, jnp.int32), self.train, self.validation)
        table = {key: np.asarray(values, float) for key, values in logs.items()}
        for index in training:
            told[index].on_epoch_end(epoch, {key: float(values[index]) for key, values in table.items()})
            if members[index].stop_training:
                members[index].weights = members[index].get_weights()

    def weights_of(self, index: int) -> list[NDArray[Any]]:
        """A member's weights now, fetched from the device."""
        return [np.asarray(self.state[kind][place][index]) for kind, place in self.places]


def room(model: keras.Sequential, batch: int) -> int:
    """How many trainings of the network pay as one program and fit into half of the device's memory, at least 1.

    One with so much arithmetic that its kernels are longer than their launches trains alone: 5 seeds together took
    0.87, 1.05 and 1.35 of their time one after another with 9, 126 and 244 million multiply-accumulates an image
    (convolutions become grouped ones; H200, batch 128, medians of 5 epochs), and 0.32 with half a million.
    Each holds weights, gradients and optimizer (8 floats a parameter are enough for Adam's averages and copies), and
    every layer's output for a batch thrice: forward, backward, and what XLA keeps between.
    """
    if inspection.multiplies(model) > MOST_MULTIPLIES:
        return 1
    outputs = sum(math.prod(layer.output.shape[1:]) for layer in model.layers)
    each = 4 * (8 * model.count_params() + 3 * batch * outputs)
    known = jax.local_devices()[0].memory_stats() or {}  # none on a CPU
    memory = known.get("bytes_limit") or os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return max(1, int(memory / 2 / each))
