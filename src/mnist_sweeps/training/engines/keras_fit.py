"""Keras's own training loop: the reference engine."""

from __future__ import annotations

import math
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from mnist_sweeps.config.schema import Config
from mnist_sweeps.training.augmentation import EpochImages
from mnist_sweeps.training.inputs import EVALUATION_BATCH, Arrays
from mnist_sweeps.training.permutation import permutation


class KerasFitEngine:
    """Trains a compiled network by `keras.Model.fit`."""

    def __init__(self, model: keras.Model, config: Config, arrays: Arrays) -> None:
        self.model, self.config = model, config
        self.take(arrays)

    def take(self, arrays: Arrays) -> None:
        """Replaces the training and validation images."""
        self.arrays = arrays

    def run(self, seed: int, callbacks: list[keras.callbacks.Callback], first: int = 0) -> dict[str, list[float]]:
        """Trains the network from its current state and returns the history.

        Args:
            seed: Seed of the order of the training images.
            callbacks: Called as in `fit`.
            first: The first epoch, from 0.
        """
        images = EpochImages(self.arrays, self.config.training.augmentation)
        batches = Batches(images, self.arrays.weighted_train[1:], self.config.training.batch_size, seed, first)
        fitted = self.model.fit(
            batches,
            validation_data=self.arrays.validation,
            validation_batch_size=EVALUATION_BATCH,
            initial_epoch=first,
            epochs=self.config.training.epochs,
            callbacks=[  # the recorder among them starts its clock before images are moved
                *callbacks,
                keras.callbacks.LambdaCallback(on_epoch_begin=lambda epoch, _: batches.begin(epoch)),
            ],
            shuffle=False,
            verbose=0,
        )
        return {key: [float(value) for value in values] for key, values in fitted.history.items()}

    def predict(self, inputs: NDArray[np.float32]) -> NDArray[np.float32]:
        """Probabilities [n, 10] by the network's current weights."""
        predicted: NDArray[np.float32] = self.model.predict(inputs, batch_size=EVALUATION_BATCH, verbose=0)
        return predicted


class Batches(keras.utils.PyDataset):
    """The training images in the order of (seed, epoch); the last batch holds what is left.

    `targets` are their labels, and where they have some their weights in the loss.
    """

    def __init__(
        self, images: EpochImages, targets: tuple[NDArray[Any], ...], size: int, seed: int, first: int = 0
    ) -> None:
        super().__init__()
        self.images, self.targets, self.size, self.seed = images, targets, size, seed
        self._take(first)

    def begin(self, epoch: int) -> None:
        """Takes the images of an epoch (from 0) and their order; a callback says which, since Keras looks at batches
        before the first and calls `on_epoch_end` after that look, too.
        """
        if epoch != self.epoch:
            self._take(epoch)

    def _take(self, epoch: int) -> None:
        self.epoch = epoch
        self.inputs = self.images.of(self.seed, epoch)
        self.order = permutation(self.seed, epoch, len(self.targets[0]))

    def __len__(self) -> int:
        return math.ceil(len(self.order) / self.size)

    def __getitem__(self, index: int) -> tuple[Any, ...]:
        chosen = self.order[index * self.size : (index + 1) * self.size]
        return self.inputs[chosen], *(values[chosen] for values in self.targets)
