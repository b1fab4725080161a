"""The test images of a row, and the classes that its runs predict for them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mnist_sweeps.data.mnist import DIGIT_NAMES, Digits
from mnist_sweeps.report.local_digits import local_digits
from mnist_sweeps.report.predicted_labels import predicted_labels
from mnist_sweeps.report.row import ReportRow


def tested_on(row: ReportRow) -> tuple[str, int] | None:
    """The digest of the row's data set (older runs: its name) and the number of its test images.

    Rows for which both are equal have the same test images, since a subset of a given size is always the same one.
    None before the first completed run.
    """
    name = row.first(lambda run: run.provenance.get("data_digest") or (run.counts and run.counts.name))
    return (str(name or ""), row.n_test) if row.n_test else None


def digits_of(row: ReportRow) -> Digits | None:
    """The test images of a row; None if they are not on this machine: a report downloads nothing."""
    return local_digits(row.first(lambda run: run.config.get("data")) or {})


def classes_of(row: ReportRow) -> tuple[str, ...]:
    """The names of the classes of a row's images; the digits 0 to 9 unless its runs say something else."""
    return row.first(lambda run: run.counts.classes if run.counts else None) or DIGIT_NAMES


def predicted(row: ReportRow, n: int) -> list[NDArray[np.uint8]]:
    """The predicted labels [n] of every finished run that has them all.

    Args:
        row: The row.
        n: Number of test images.
    """
    found, classes = [], len(classes_of(row))
    for run in row.finished:
        digits = predicted_labels(row.folder / run.folder)
        if digits is not None and digits.shape == (n,) and digits.max() < classes:
            found.append(digits.astype(np.uint8))
    return found


def majority(runs: Sequence[NDArray[np.uint8]]) -> NDArray[np.uint8]:
    """The label that most runs predict for each image; of two with equal votes, the smaller one."""
    votes = np.zeros((1 + max(int(labels.max()) for labels in runs), len(runs[0])), dtype=np.int32)
    for digits in runs:
        votes[digits, np.arange(len(digits))] += 1
    digit: NDArray[np.uint8] = votes.argmax(axis=0).astype(np.uint8)
    return digit
