"""What the engines train on: network inputs and labels of each part."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mnist_sweeps.config.schema import Config
from mnist_sweeps.data import preprocessing
from mnist_sweeps.data.dataset import Split
from mnist_sweeps.data.mnist import Digits

EVALUATION_BATCH = 1000  # images; bounds the memory of convolutions

Part = tuple[NDArray[np.float32], NDArray[np.uint8]]


@dataclass(frozen=True)
class Arrays:
    """Inputs float32 [n, 28, 28, 1] (convolutions) or [n, features], and labels uint8 [n].

    `validation` and the `fold` that is left out may be absent. `examples` is what `preprocessing.examples` keeps of
    the test images.
    """

    train: Part
    validation: Part | None
    test: Part
    fold: Part | None = None
    examples: Mapping[str, NDArray[Any]] = field(default_factory=dict)

    @property
    def shape(self) -> tuple[int, ...]:
        """Of one image: (28, 28), or (features,)."""
        shape = self.train[0].shape[1:]
        return shape[:2] if len(shape) == 3 else shape


def prepare(config: Config, split: Split) -> Arrays:
    """The arrays of a split after the config's preprocessing, fitted on its training images.

    Raises:
        ConfigError: the preprocessing does not exist or does not fit the images.
    """
    fitted = preprocessing.fit(config.preprocessing, *split.train)

    def part(digits: Digits) -> Part:
        inputs = fitted(digits.images)
        if not config.model.conv.filters:
            inputs = inputs.reshape(len(inputs), -1)
        elif inputs.ndim == 3:
            inputs = inputs[..., np.newaxis]
        return inputs, digits.labels

    train, test = part(split.train), part(split.test)
    fold = None if split.fold is None else part(split.fold)
    examples = preprocessing.examples(fitted, *split.test)
    if split.validation is None:
        return Arrays(train, None, test, fold, examples)
    again = next((known for of, known in ((split.test, test), (split.fold, fold)) if of is split.validation), None)
    return Arrays(train, again or part(split.validation), test, fold, examples)
