"""run.json, read and written: one training, what was asked, what came of it, and where it comes from."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from mnist_sweeps.config.schema import RunKey
from mnist_sweeps.storage import atomic, folder_names, run_metrics, schema_version

NAME = "run.json"
SCHEMA_VERSION = 1
# What reading a file that is missing, cut short, not ours or on a bad disk can raise.
UNREADABLE = (OSError, ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError)


@dataclass(frozen=True)
class RunError:
    """Why a run has no result."""

    type: str = ""
    message: str = ""
    traceback: str = ""

    @property
    def sentence(self) -> str:
        """Its first line: `ValueError: no such layer`."""
        lines = self.message.strip().splitlines()
        words = ": ".join(part for part in (self.type, lines[0] if lines else "") if part)
        return words.encode("utf-8", "replace").decode("utf-8")  # a file name in it may be no text


@dataclass(frozen=True)
class ImageCounts:
    """Numbers of images, and what the validation is: `none`, `test`, `held out`, or `fold` (the fold left out)."""

    name: str | None = None  # of the data set
    train: int | None = None
    validation: int | None = None
    test: int | None = None
    validation_is: str = "none"
    description: str | None = None
    fold: int | None = None
    classes: tuple[str, ...] | None = None  # their names; None: the digits 0 to 9
    largest_class: int | None = None  # test images of the most frequent class; None in older runs


OPTIONAL_COUNTS = ("fold", "classes", "largest_class")  # left out of run.json where they are not known


@dataclass(frozen=True)
class RunSeconds:
    """Seconds of the whole run, of its training, and of each epoch."""

    train: float | None = None
    epochs: tuple[float, ...] = ()
    total: float | None = None


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

    def to_json(self) -> str:
        """The text of run.json; what is not known (yet) is left out."""
        seconds = {
            key: value for key, value in asdict(self.duration or RunSeconds()).items() if value not in (None, ())
        }
        counts = {} if self.counts is None else asdict(self.counts)
        counts = {key: value for key, value in counts.items() if key not in OPTIONAL_COUNTS or value is not None}
        content = {
            "sweep": self.sweep,
            "variant": self.variant,
            "seed": self.seed,
            "fold": self.fold,
            "digest": self.digest,
            "config": self.config or None,
            "data": counts or None,
            "metrics": self.scores or None,
            "recall": self.recall or None,
            "parameters": self.parameter_counts or None,
            "multiplies": self.multiplies,
            "seconds": seconds or None,
            "effective": self.effective or None,
            "pruned_at": self.pruned_at,
            "error": asdict(self.failure) if self.failure else None,
            "provenance": self.provenance or None,
            "files": self.files,
        }
        known = {key: value for key, value in content.items() if value is not None or key == "fold"}
        return json.dumps({schema_version.KEY: SCHEMA_VERSION, "status": self.status, **known}, indent=1) + "\n"


def write_run(folder: Path, record: RunRecord) -> None:
    """Writes run.json into a run's folder, atomically; from then on the run counts (see `run_folder.publish`).

    Args:
        folder: The run's folder.
        record: What its run.json holds.
    """
    atomic.write(folder / NAME, record.to_json())


def read_record(path: Path, key: RunKey | None = None) -> RunRecord:
    """The record in the file `path`.

    Args:
        path: A run.json, or the note of a run that is under way.
        key: Its seed and fold, where its folder's name tells them; else the file must.

    Raises:
        FileNotFoundError: There is no such file.
        NewerSchema: A newer version of the package wrote it.
        Exception: One of `UNREADABLE`, where the file is not whole.
    """
    content = json.loads(path.read_bytes())
    if not isinstance(content, dict):
        raise TypeError(f"expected an object, not {type(content).__name__}")
    schema_version.require_known(content, SCHEMA_VERSION, path)
    return _parse(content, key)


def read_run(folder: Path) -> RunRecord:
    """The run in `folder`, without its history, after its numbers are checked.

    Raises:
        FileNotFoundError: There is no run.json: the run is not finished, or was killed.
        Exception: One of `UNREADABLE`, where run.json is not whole or a number in it cannot be.
    """
    record = read_record(folder / NAME, folder_names.parse_run_folder(folder.name))
    if record.completed and not record.scores:
        raise KeyError("metrics")
    assert record.metrics is not None  # raises for an accuracy that is no fraction; and counts below 1:
    _ = record.n_train, record.n_test, record.n_fold, record.parameters, record.hidden, record.dropout
    return replace(record, pruned_at=run_metrics.count(record.pruned_at))


def _parse(content: Mapping[str, Any], key: RunKey | None) -> RunRecord:
    counts, seconds, error = content.get("data"), content.get("seconds"), content.get("error")
    seed, fold = key or RunKey(int(content["seed"]), content.get("fold"))
    return RunRecord(
        status=str(content["status"]),
        seed=seed,
        fold=fold,
        digest=content.get("digest"),
        sweep=content.get("sweep"),
        variant=content.get("variant"),
        config=dict(content.get("config") or {}),
        counts=_counts(counts) if counts else None,
        scores=dict(content.get("metrics") or {}),
        recall=tuple(content.get("recall") or ()),
        parameter_counts=dict(content.get("parameters") or {}),
        multiplies=content.get("multiplies"),
        duration=_seconds(seconds) if seconds else None,
        effective=dict(content.get("effective") or {}),
        pruned_at=content.get("pruned_at"),
        failure=_error(error) if error else None,
        provenance=dict(content.get("provenance") or {}),
        files=None if content.get("files") is None else dict(content["files"]),
    )


def _counts(content: Mapping[str, Any]) -> ImageCounts:
    keys = ("name", "train", "validation", "test", "description", "fold", "largest_class")
    known = {key: content.get(key) for key in keys}
    names = content.get("classes")
    classes = None if names is None else tuple(map(str, names))
    return ImageCounts(**known, validation_is=str(content.get("validation_is") or "none"), classes=classes)


def _seconds(content: Mapping[str, Any]) -> RunSeconds:
    return RunSeconds(content.get("train"), tuple(content.get("epochs") or ()), content.get("total"))


def _error(content: Mapping[str, Any]) -> RunError:
    return RunError(*(str(content.get(key) or "") for key in ("type", "message", "traceback")))
