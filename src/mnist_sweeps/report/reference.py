"""Reference values, and the prediction interval for one more run."""

from collections.abc import Iterator
from dataclasses import dataclass

from mnist_sweeps.report.load import Report
from mnist_sweeps.report.prediction import one_more
from mnist_sweeps.stats import Prediction


@dataclass(frozen=True)
class Printed:
    """A reference value of a row, and the prediction for one more run, from `runs` runs (with folds: seeds)."""

    sweep: str
    row: str
    metric: str
    value: float
    runs: int
    law: Prediction

    @property
    def p(self) -> float:
        """Two-sided p value of the printed value as one more run, not adjusted for multiple tests."""
        return self.law.p(self.value)


def printed(read: Report) -> Iterator[Printed]:
    """Every reference value of a sweep whose row has runs."""
    for row in read.rows:
        for metric, value in row.reference.items():
            if prediction := one_more(row, metric):
                law, runs = prediction
                yield Printed(read.sweep, row.name, metric, value, runs, law)
