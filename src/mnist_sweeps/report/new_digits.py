"""What new digits would say of the differences: from the predictions of the runs and the true digits."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mnist_sweeps.report.images import digits_of, predicted, tested_on
from mnist_sweeps.report.row import ReportRow
from mnist_sweeps.stats import new_digits_difference


def new_digits(rows: Sequence[ReportRow]) -> dict[str, tuple[float, float]]:
    """The 95 % interval of each difference over new seeds and new digits, by row name.

    Without rows that have another test set than the row they are compared with, fewer than two runs with predictions,
    or folds, and empty where the test images are not on this machine.
    """
    by_name = {row.name: row for row in rows if not row.folds}
    pairs = [
        (row, other)
        for row in by_name.values()
        if row.comparison
        and (other := by_name.get(row.variant.compared_with or ""))
        and (tested := tested_on(row))
        and tested == tested_on(other)
    ]
    labels: dict[tuple[str, int], NDArray[np.uint8] | None] = {}
    correct: dict[str, NDArray[np.bool_] | None] = {}
    for row in {row.name: row for pair in pairs for row in pair}.values():
        tested = tested_on(row)
        runs = predicted(row, row.n_test or 0)
        if tested is None or len(runs) < 2:
            continue
        if tested not in labels:
            digits = digits_of(row)
            labels[tested] = None if digits is None else digits.labels
        true = labels[tested]
        if true is not None and len(true) == row.n_test:
            correct[row.name] = np.stack(runs) == true
    return {
        row.name: new_digits_difference(right, wrong)
        for row, other in pairs
        if (right := correct.get(row.name)) is not None and (wrong := correct.get(other.name)) is not None
    }
