"""The test images on which two rows differ, by the majority of the runs of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mnist_sweeps.report.images import digits_of, majority, predicted, tested_on
from mnist_sweeps.report.row import ReportRow


@dataclass(frozen=True)
class DisputedImage:
    """A test image by its number; `true` is None where the labels are not on this machine."""

    number: int
    true: int | None
    first: int
    second: int


@dataclass(frozen=True)
class ImageDiff:
    """The images on which the rows predict different digits, in the order of the test set."""

    n_test: int
    images: Sequence[DisputedImage]

    @property
    def labelled(self) -> bool:
        """Whether the true digits are known."""
        return all(image.true is not None for image in self.images)

    @property
    def first_right(self) -> int:
        """How many of them the first row recognizes."""
        return sum(image.true == image.first for image in self.images)

    @property
    def second_right(self) -> int:
        """How many of them the second row recognizes."""
        return sum(image.true == image.second for image in self.images)


def image_diff(first: ReportRow, second: ReportRow) -> ImageDiff | None:
    """The images on which two rows differ; None if their test images differ, or predictions of a row are missing."""
    tested = tested_on(first)
    if tested is None or tested != tested_on(second):
        return None
    n_test = tested[1]
    runs = [predicted(row, n_test) for row in (first, second)]
    if not all(runs):
        return None
    one, other = map(majority, runs)
    numbers = np.flatnonzero(one != other)
    digits = digits_of(first) if len(numbers) else None
    labels = digits.labels if digits is not None and len(digits.labels) == n_test else None
    return ImageDiff(
        n_test,
        [
            DisputedImage(int(n), None if labels is None else int(labels[n]), int(one[n]), int(other[n]))
            for n in numbers
        ],
    )
