"""From the files of digits to what a run sees: training, validation and test digits, the same for every seed."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.config.schema import Data
from mnist_sweeps.data import sources
from mnist_sweeps.data.mnist import DIGIT_NAMES, Digits


@dataclass(frozen=True)
class Split:
    """What a run sees: training, validation (may be the test set or the fold itself, or absent) and test digits.

    `folds` is the number into which the training digits are yet to be cut; `fold` are the digits of the one that a
    run leaves out, and is scored on. `classes` are the names of the labels 0, 1, ...
    """

    train: Digits
    validation: Digits | None
    test: Digits
    description: str
    folds: int | None = None
    fold: Digits | None = None
    classes: tuple[str, ...] = DIGIT_NAMES

    def leaving_out(self, fold: int | None) -> Split:
        """What the run of a fold (from 0) sees; without a fold the split itself.

        Folds are contiguous and not shuffled, the first n % folds one digit longer, as scikit-learn's KFold cuts them
        (notebook 004). Without a validation, the fold that is left out takes its place.
        """
        if fold is None or self.folds is None:
            return self
        parts = np.array_split(np.arange(len(self.train.labels)), self.folds)
        rest = np.concatenate(parts[:fold] + parts[fold + 1 :])
        left_out = self.train.take(parts[fold])
        return replace(self, train=self.train.take(rest), validation=self.validation or left_out, fold=left_out)


def load(data: Data) -> Split:
    """The digits of `data`, verified, subset and split, not yet cut into folds; the same for every seed.

    Raises:
        ConfigError: no file, a damaged or different one, or more images or folds asked for than there are.
    """
    train, test, classes, _ = sources.read(data.name, data.path)
    train = _subset(train, data.train_size, "data.train_size", len(classes))
    test = _subset(test, data.test_size, "data.test_size", len(classes))
    split = replace(_hold_out(data, train, test), classes=classes)
    if data.folds is None:
        return split
    if data.folds > (left := len(split.train.labels)):
        raise ConfigError(f"data.folds={data.folds}: expected at most {left:,}, one of the training images in each")
    return replace(split, description=f"{split.description}, {data.folds} folds", folds=data.folds)


def _hold_out(data: Data, train: Digits, test: Digits) -> Split:
    name, total = data.name, len(train.labels)
    counts = f"{name} {total:,} / {len(test.labels):,}"
    if data.validation == "none":
        validated = "no validation" if data.folds is None else "validated on the fold left out"
        return Split(train, None, test, f"{counts}, {validated}")
    if data.validation == "test":
        return Split(train, test, test, f"{counts}, validated on the test set")
    count = data.validation if isinstance(data.validation, int) else round(data.validation * total)
    if not 0 < count < total:
        raise ConfigError(f"data.validation={data.validation}: cannot hold out {count:,} of {total:,} training images")
    held = np.arange(count) if data.holdout == "first" else _stratified(train.labels, count)
    rest = np.setdiff1d(np.arange(total), held)
    description = f"{counts}, {count:,} of the training images held out ({data.holdout})"
    return Split(train.take(rest), train.take(held), test, description)


def _subset(digits: Digits, size: int | None, key: str, classes: int) -> Digits:
    if size is None:
        return digits
    if size < classes:
        raise ConfigError(f"{key}={size}: expected at least {classes} images, one for each class")
    if size > len(digits.labels):
        raise ConfigError(f"{key}={size}: there are {len(digits.labels):,} images")
    return digits.take(_stratified(digits.labels, size))


def _stratified(labels: NDArray[np.uint8], size: int) -> NDArray[np.intp]:
    """Indices [size], ascending: the first of each class, each class by its share (largest remainders)."""
    counts = np.bincount(labels)
    exact = counts * size / len(labels)
    share = np.floor(exact).astype(int)
    share[np.argsort(share - exact, kind="stable")[: size - share.sum()]] += 1
    return np.sort(np.concatenate([np.flatnonzero(labels == digit)[: share[digit]] for digit in range(len(counts))]))
