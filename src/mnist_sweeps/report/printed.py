"""What a source printed, beside where one more run of ours would lie."""

from collections.abc import Iterator
from dataclasses import dataclass

from mnist_sweeps.report.rows import Report
from mnist_sweeps.stats import Prediction, predict_accuracy, predict_metric


@dataclass(frozen=True)
class Printed:
    """A reference value of a row, and the law of one more run, from `runs` runs of ours."""

    sweep: str
    row: str
    metric: str
    value: float
    runs: int
    law: Prediction

    @property
    def p(self) -> float:
        """Two-sided p value of the printed value as one more run of ours, not adjusted for others."""
        return self.law.p(self.value)


def printed(read: Report) -> Iterator[Printed]:
    """Every reference value of a sweep that has runs to lie beside; a loss needs two runs, it has no noise law."""
    for row in read.rows:
        for metric, value in row.reference.items():
            values = row.metric(metric)
            if metric == "test_accuracy" and values and row.n_test:
                yield Printed(read.sweep, row.name, metric, value, len(values), predict_accuracy(values, row.n_test))
            elif metric != "test_accuracy" and values and (law := predict_metric(values)):
                yield Printed(read.sweep, row.name, metric, value, len(values), law)
