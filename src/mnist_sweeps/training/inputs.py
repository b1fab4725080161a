"""What the engines train on: network inputs and labels of each part."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mnist_sweeps.config.allowed import CLEAN
from mnist_sweeps.config.schema import Config
from mnist_sweeps.data import preprocessing
from mnist_sweeps.data.class_weights import class_weights
from mnist_sweeps.data.corruptions import corrupt
from mnist_sweeps.data.dataset import Split
from mnist_sweeps.data.mnist import Digits

EVALUATION_BATCH = 1000  # images; bounds the memory of convolutions

Part = tuple[NDArray[np.float32], NDArray[np.uint8]]


@dataclass(frozen=True)
class Arrays:
    """Inputs float32 [n, height, width, 1] (convolutions) or [n, features], and labels uint8 [n] of `classes` classes.

    `validation` and the `fold` that is left out may be absent. `examples` is what `preprocessing.examples` keeps of
    the test images. `corrupted` has the inputs of corrupted test images by the kind of corruption.
    """

    train: Part
    validation: Part | None
    test: Part
    fold: Part | None = None
    examples: Mapping[str, NDArray[Any]] = field(default_factory=dict)
    corrupted: Mapping[str, NDArray[np.float32]] = field(default_factory=dict)
    classes: int = 10
    class_weights: NDArray[np.float32] | None = None  # [classes], of an image in the training loss; None: 1 each
    image_shape: tuple[int, ...] = (28, 28)  # height and width, also where inputs are [n, features]

    @property
    def weighted_train(self) -> tuple[NDArray[Any], ...]:
        """Inputs, labels, and where classes have weights the weight of each image, float32 [n]."""
        return self.train if self.class_weights is None else (*self.train, self.class_weights[self.train[1]])

    @property
    def shape(self) -> tuple[int, ...]:
        """Of one image: (28, 28) or another size, or (features,)."""
        shape = self.train[0].shape[1:]
        return shape[:2] if len(shape) == 3 else shape


def prepare(config: Config, split: Split) -> Arrays:
    """The arrays of a split after the config's preprocessing, fitted on its training images.

    Raises:
        ConfigError: the preprocessing does not exist or does not fit the images.
    """
    fitted = preprocessing.fit(config.preprocessing, *split.train)

    def inputs_of(images: NDArray[np.uint8]) -> NDArray[np.float32]:
        inputs = fitted(images)
        if not config.model.conv.filters:
            return inputs.reshape(len(inputs), -1)
        return inputs[..., np.newaxis] if inputs.ndim == 3 else inputs

    def part(digits: Digits) -> Part:
        return inputs_of(digits.images), digits.labels

    train, test = part(split.train), part(split.test)
    fold = None if split.fold is None else part(split.fold)
    validation = next((known for of, known in ((split.test, test), (split.fold, fold)) if of is split.validation), None)
    if validation is None and split.validation is not None:
        validation = part(split.validation)
    kinds = [kind for kind in config.data.evaluate or [] if kind != CLEAN]
    return Arrays(
        train, validation, test, fold,
        examples=preprocessing.examples(fitted, *split.test),
        corrupted={kind: inputs_of(corrupt(split.test.images, kind)) for kind in kinds},
        classes=len(split.classes),
        class_weights=class_weights(config.training.class_weight, split.train.labels, len(split.classes)),
        image_shape=split.train.images.shape[1:],
    )  # fmt: skip
