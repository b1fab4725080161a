"""One row of the table: a variant, its runs, and what follows from them."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from statistics import NormalDist, fmean
from typing import TypeVar

from mnist_sweeps.report.weight_statistic import statistic
from mnist_sweeps.stats import Comparison, Summary, noise_law_sd, summarize
from mnist_sweeps.storage.read_runs import VariantRuns
from mnist_sweeps.storage.run_record import RunRecord
from mnist_sweeps.storage.sweep_record import VariantRecord

T = TypeVar("T")
Z = NormalDist().inv_cdf(0.975)


@dataclass(frozen=True)
class ReportRow:
    """One variant with its runs.

    `planned` is the number of runs it should have. `same_as` names the row whose runs these are, where a row
    equals another. `predicted` is the 95 % interval (fractions) for the `measure` of one more run, or of the
    folds of one more seed.
    """

    variant: VariantRecord
    folder: Path
    planned: int
    runs: VariantRuns
    same_as: str | None = None
    comparison: Comparison | None = None
    rank: int | None = None
    reference: dict[str, float] = field(default_factory=dict)
    predicted: tuple[float, float] | None = None

    @property
    def name(self) -> str:
        """The variant's name, as the sweep file has it."""
        return self.variant.name

    @property
    def trained(self) -> str:
        """The name under which its runs were trained: its own, or that of the row it equals."""
        return self.same_as or self.name

    @property
    def finished(self) -> list[RunRecord]:
        """The runs whose numbers count."""
        return [run for run in self.runs.readable if run.completed]

    @property
    def status(self) -> str:
        """`completed`, `partly (k of n)`, how its runs ended where none completed, or `not run yet`."""
        done = len(self.finished)
        if done:
            return "completed" if done >= self.planned else f"partly ({done} of {self.planned})"
        ends = {run.status for run in self.runs.readable}
        if ends:
            return ends.pop() if len(ends) == 1 else "failed"
        if self.runs.complaints:
            return "unreadable"
        return "unfinished" if self.runs.unfinished else "not run yet"

    @property
    def folds(self) -> int | None:
        """Number of folds, one of which each run leaves out."""
        return self.variant.folds

    @property
    def measure(self) -> str:
        """The metric that is compared: with folds the accuracy on the fold left out, else test accuracy."""
        return "fold_accuracy" if self.folds else "test_accuracy"

    @property
    def printed(self) -> float | None:
        """What the notebook printed for it."""
        return self.reference.get(self.measure)

    @property
    def n_test(self) -> int | None:
        """Number of test images."""
        return self.first(lambda run: run.n_test)

    @property
    def accuracies(self) -> tuple[float, ...]:
        """Test accuracy of every completed run, fractions."""
        return self.metric("test_accuracy")

    @property
    def accuracy(self) -> Summary | None:
        """Test accuracy with its 95 % interval inside 0..1: for a single run the band of the noise law."""
        found = self.summary("test_accuracy")
        if found is None:
            return None
        low, high = found.low, found.high
        if self.n_test and (low is None or high is None):
            reach = Z * noise_law_sd(found.mean, self.n_test)
            low, high = found.mean - reach, found.mean + reach
        if low is None or high is None:
            return found
        return replace(found, low=max(0.0, low), high=min(1.0, high))

    @property
    def validation(self) -> float | None:
        """Mean validation accuracy; None without validation images."""
        found = None if self.validated_on == "none" else self.summary("val_accuracy")
        return None if found is None else found.mean

    @property
    def score(self) -> float | None:
        """What ranks: the mean accuracy on the folds, else on the validation; None without either."""
        found = self.summary("fold_accuracy") if self.folds else None
        return self.validation if found is None else found.mean

    @property
    def validated_on(self) -> str | None:
        """`none`, `test`, `held out` or `fold`; None before the first run."""
        return self.first(lambda run: run.validated_on)

    @property
    def hidden(self) -> int | None:
        """Number of dense and convolutional layers before the output."""
        return self.first(lambda run: run.hidden)

    @property
    def parameters(self) -> int | None:
        """Number of weights of the net."""
        return self.first(lambda run: run.parameters)

    @property
    def data(self) -> str | None:
        """The data in one line."""
        return self.first(lambda run: run.data)

    @property
    def seconds(self) -> float | None:
        """Mean seconds a completed run took."""
        known = [run.seconds for run in self.finished if run.seconds is not None]
        return fmean(known) if known else None

    @property
    def attributable(self) -> bool:
        """Whether a difference of this row has one cause: it changes at most one thing."""
        return len(self.variant.changes) < 2

    @property
    def verdict(self) -> str:
        """The verdict's words, empty without a comparison; an equal row says first which row it equals."""
        said = self.comparison.verdict if self.comparison else ""
        return ", ".join(words for words in (f"= {self.same_as}" if self.same_as else "", said) if words)

    def metric(self, name: str) -> tuple[float, ...]:
        """One metric of every completed run that has it; one with slashes is a number of its weights."""
        if "/" in name:
            found = (statistic(self.folder / run.folder, name) for run in self.finished)
            return tuple(value for value in found if value is not None)
        return tuple(run.metrics[name] for run in self.finished if name in run.metrics)

    def summary(self, name: str) -> Summary | None:
        """Count, mean, sd and 95 % interval of one metric over the completed runs, in the metric's unit."""
        values = self.metric(name)
        return summarize(values) if values else None

    def first(self, fact: Callable[[RunRecord], T | None]) -> T | None:
        """A fact that all runs of a row share, from the first run that knows it."""
        return next((known for run in self.runs.readable if (known := fact(run)) is not None), None)
