"""One row of the table: a variant, its runs, and the values computed from them."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from statistics import NormalDist, fmean
from typing import TypeVar

from mnist_sweeps.report.run_values import run_values
from mnist_sweeps.stats import Comparison, Summary, Superiority, at_chance, noise_law_sd, summarize
from mnist_sweeps.stats.chance import MNIST_CHANCE
from mnist_sweeps.storage.read_runs import VariantRuns
from mnist_sweeps.storage.run_record import RunRecord
from mnist_sweeps.storage.sweep_record import VariantRecord

T = TypeVar("T")
Z = NormalDist().inv_cdf(0.975)


@dataclass(frozen=True)
class ReportRow:
    """One variant with its runs.

    `planned` is the number of planned runs. `same_as` is the name of the row whose runs this row shares, if both are
    the same training. `superiority` says how often one of its runs beats one of the row that it is compared with.
    `predicted` is the 95 % interval (fractions) for the `measure` of one more run, or of the folds of one more seed.
    """

    variant: VariantRecord
    folder: Path
    planned: int
    runs: VariantRuns
    same_as: str | None = None
    comparison: Comparison | None = None
    superiority: Superiority | None = None
    rank: int | None = None
    reference: dict[str, float] = field(default_factory=dict)
    predicted: tuple[float, float] | None = None
    _values: dict[str, tuple[float, ...]] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def name(self) -> str:
        """The variant's name, as in the sweep file."""
        return self.variant.name

    @property
    def trained(self) -> str:
        """The name under which its runs were trained: this row's, or that of the row in `same_as`."""
        return self.same_as or self.name

    @property
    def completed(self) -> list[RunRecord]:
        """The completed runs."""
        return [run for run in self.runs.readable if run.completed]

    @property
    def at_chance(self) -> list[RunRecord]:
        """The completed runs that only guess, though another run of the row learned."""
        scored = [run for run in self.completed if "test_accuracy" in run.metrics]
        if not scored or not self.n_test:
            return []
        guessed = at_chance([run.metrics["test_accuracy"] for run in scored], self.n_test, self.chance)
        return [run for run, guesses in zip(scored, guessed, strict=True) if guesses]

    @cached_property
    def finished(self) -> list[RunRecord]:
        """The completed runs that enter statistics: all but those at chance."""
        left_out = self.at_chance
        return [run for run in self.completed if run not in left_out]

    @property
    def status(self) -> str:
        """`completed`, `partly (k of n)`, the status of its runs if none completed, or `not run yet`."""
        n_done = len(self.completed)
        if n_done:
            return "completed" if n_done >= self.planned else f"partly ({n_done} of {self.planned})"
        statuses = {run.status for run in self.runs.readable}
        if statuses:
            return statuses.pop() if len(statuses) == 1 else "failed"
        if self.runs.complaints:
            return "unreadable"
        return "unfinished" if self.runs.unfinished else "not run yet"

    @property
    def folds(self) -> int | None:
        """Number of folds, of which each run leaves one out; None without folds."""
        return self.variant.folds

    @property
    def measure(self) -> str:
        """The metric that is compared: with folds `fold_accuracy`, else `test_accuracy`."""
        return "fold_accuracy" if self.folds else "test_accuracy"

    @property
    def printed(self) -> float | None:
        """The value of `measure` that the notebook printed; None if unknown."""
        return self.reference.get(self.measure)

    @property
    def n_test(self) -> int | None:
        """Number of test images."""
        return self.first(lambda run: run.n_test)

    @property
    def chance(self) -> float:
        """Share of the largest class of the test labels: the accuracy of a net that predicts nothing else."""
        return self.first(lambda run: run.chance) or MNIST_CHANCE

    @property
    def accuracies(self) -> tuple[float, ...]:
        """Test accuracy of every completed run, fractions."""
        return self.metric("test_accuracy")

    @property
    def accuracy(self) -> Summary | None:
        """Test accuracy with its 95 % interval clipped to 0..1; for a single run the interval of the noise law."""
        summary = self.summary("test_accuracy")
        if summary is None:
            return None
        low, high = summary.low, summary.high
        if self.n_test and (low is None or high is None):
            half_width = Z * noise_law_sd(summary.mean, self.n_test)
            low, high = summary.mean - half_width, summary.mean + half_width
        if low is None or high is None:
            return summary
        return replace(summary, low=max(0.0, low), high=min(1.0, high))

    @property
    def validation(self) -> float | None:
        """Mean validation accuracy; None without validation images."""
        summary = None if self.validated_on == "none" else self.summary("val_accuracy")
        return None if summary is None else summary.mean

    @property
    def score(self) -> float | None:
        """The value that rows are ranked by: mean fold accuracy, else mean validation accuracy; None without either."""
        summary = self.summary("fold_accuracy") if self.folds else None
        return self.validation if summary is None else summary.mean

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
        """Number of weights of the network."""
        return self.first(lambda run: run.parameters)

    @property
    def data(self) -> str | None:
        """The description of the data, one line."""
        return self.first(lambda run: run.data)

    @property
    def seconds(self) -> float | None:
        """Mean duration of a completed run in seconds; None if unknown."""
        seconds = [run.seconds for run in self.finished if run.seconds is not None]
        return fmean(seconds) if seconds else None

    @property
    def attributable(self) -> bool:
        """Whether a difference of this row can have only one cause: the row changes at most one thing."""
        return len(self.variant.changes) < 2

    @property
    def verdict(self) -> str:
        """The verdict, empty without a comparison; a row with `same_as` starts with `= NAME`."""
        verdict = self.comparison.verdict if self.comparison else ""
        return ", ".join(part for part in (f"= {self.same_as}" if self.same_as else "", verdict) if part)

    def first_seeds(self, count: int) -> "ReportRow":
        """The row with the runs of its first `count` seeds only."""
        seeds = self.variant.seeds[:count]
        readable = tuple(run for run in self.runs.readable if run.seed in seeds)
        return replace(self, runs=replace(self.runs, readable=readable))

    def metric(self, name: str) -> tuple[float, ...]:
        """The values of a metric over the completed runs that have it; see `run_values`."""
        if name not in self._values:  # claims ask for the same weights again and again, 2 ms a run
            self._values[name] = run_values(self.finished, self.folder, name)
        return self._values[name]

    def summary(self, name: str) -> Summary | None:
        """Count, mean, sd and 95 % interval of one metric over the completed runs, in the metric's unit."""
        values = self.metric(name)
        return summarize(values) if values else None

    def first(self, fact: Callable[[RunRecord], T | None]) -> T | None:
        """A value that all runs of a row share, from the first run that has it; None if none has."""
        return next((value for run in self.runs.readable if (value := fact(run)) is not None), None)
