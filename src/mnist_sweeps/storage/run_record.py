"""One training: what was asked, what came of it, and where it comes from; `run_file` reads and writes it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from mnist_sweeps.config.schema import RunKey
from mnist_sweeps.storage import folder_names, run_metrics
from mnist_sweeps.storage.run_parts import ImageCounts, RunError, RunSeconds


@dataclass(frozen=True)
class RunRecord:
    """One training, as its run.json tells it.

    `status` is `completed`, `failed`, `diverged`, `killed`, `timed_out` or `interrupted`. `scores` holds the metrics
    as they were written, None where one was not measured; `recall` the share of each class's images that were
    recognized. `config` is `asdict` of the `Config`. `effective` is read back from the built network. `files` has the
    CRC-32 of every other file of the run. `history` (of history.csv, empty unless it was read) has one tuple an epoch
    in the order of `read_runs.HISTORY`, None where a value was not measured.
    """

    status: str
    seed: int
    fold: int | None = None
    digest: str | None = None
    sweep: str | None = None
    variant: str | None = None
    config: dict[str, Any] = field(default_factory=dict)
    counts: ImageCounts | None = None
    scores: dict[str, float | None] = field(default_factory=dict)
    recall: tuple[float | None, ...] = ()
    parameter_counts: dict[str, int] = field(default_factory=dict)  # total, trainable, non_trainable
    multiplies: int | None = None  # of one image through the network
    duration: RunSeconds | None = None
    effective: dict[str, Any] = field(default_factory=dict)
    pruned_at: int | None = None  # the epoch after which it fell below its floor
    time_limit_at: int | None = None  # the epoch after which its time limit ended it
    failure: RunError | None = None
    provenance: dict[str, Any] = field(default_factory=dict)
    files: dict[str, int] | None = None
    history: tuple[tuple[float | None, ...], ...] = ()

    @property
    def key(self) -> RunKey:
        """Its seed and fold: `seed 3 fold 1` in words."""
        return RunKey(self.seed, self.fold)

    @property
    def folder(self) -> str:
        """The name of its folder: `seed-3-fold-1`."""
        return folder_names.run_folder_name(self.key)

    @property
    def completed(self) -> bool:
        """Whether the training came to its end and its numbers count."""
        return self.status == "completed"

    @property
    def validation_accuracy(self) -> float | None:
        """The accuracy by which a run is chosen: on the fold that it left out, else on its validation."""
        return self.scores.get("fold_accuracy", self.scores.get("val_accuracy"))

    @cached_property
    def metrics(self) -> dict[str, float]:
        """The finite scores, and what follows from others: `gap`, `seconds`, `recall_0` to `recall_9`."""
        epochs = self.duration.epochs if self.duration else ()
        return run_metrics.finite_metrics(self.scores) | run_metrics.derived_metrics(self.scores, self.recall, epochs)

    @property
    def parameters(self) -> int | None:
        """Number of weights of the network."""
        return run_metrics.count(self.parameter_counts.get("total"))

    @property
    def seconds(self) -> float | None:
        """Seconds the run took."""
        total = self.duration.total if self.duration else None
        return float(total) if total is not None and run_metrics.is_finite(total) else None

    @property
    def n_train(self) -> int | None:
        """Number of training images."""
        return run_metrics.count(self.counts.train) if self.counts else None

    @property
    def n_test(self) -> int | None:
        """Number of test images."""
        return run_metrics.count(self.counts.test) if self.counts else None

    @property
    def chance(self) -> float | None:
        """Share of the largest class of the test labels; None for older runs on the ten digits.

        Of older runs on other classes only their number is known: one in so many.
        """
        counts, largest = self.counts, run_metrics.count(self.counts.largest_class) if self.counts else None
        if counts is None or not (largest and self.n_test):
            return 1 / len(counts.classes) if counts and counts.classes else None
        return largest / self.n_test

    @property
    def n_fold(self) -> int | None:
        """Number of images of the fold that it left out."""
        return run_metrics.count(self.counts.fold) if self.counts else None

    @property
    def validated_on(self) -> str:
        """`none`, `test`, `held out` or `fold`."""
        return self.counts.validation_is if self.counts else "none"

    @property
    def data(self) -> str | None:
        """The data in one line."""
        return self.counts.description if self.counts else None

    @property
    def error(self) -> str | None:
        """The first line of its error; None without one."""
        return self.failure.sentence if self.failure else None

    @property
    def hidden(self) -> int | None:
        """Number of dense and convolutional layers before the output."""
        layers = self.effective.get("layers")
        return None if layers is None else run_metrics.hidden_layers(layers)

    @property
    def dropout(self) -> bool:
        """Whether any layer before the output has dropout (of pixels does not count)."""
        return run_metrics.has_layer("Dropout", self.effective.get("layers"))

    @property
    def batch_norm(self) -> bool:
        """Whether any layer has batch normalization."""
        return run_metrics.has_layer("BatchNormalization", self.effective.get("layers"))

    @property
    def made(self) -> str:
        """When it was finished, as ISO 8601."""
        return str(self.provenance["time"])

    @property
    def code(self) -> str:
        """The commit, else the version, of the package that trained it."""
        commit = self.provenance["git"]["commit"]
        return str(commit or self.provenance["versions"].get("mnist-sweeps", "?"))
