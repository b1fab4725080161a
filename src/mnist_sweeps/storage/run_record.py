"""One training, read back from its run.json."""

import json
import math
import re
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from mnist_sweeps.config.schema import RunKey as Key

FOLDER = re.compile(r"seed-(?P<seed>\d+)(-fold-(?P<fold>\d+))?")
HISTORY = ("epoch", "loss", "accuracy", "val_loss", "val_accuracy")
# What reading a file that is missing, cut short, not ours or on a bad disk can raise.
UNREADABLE = (OSError, ValueError, KeyError, TypeError, AttributeError)


@dataclass(frozen=True)
class RunRecord:
    """One training, as its run.json and history.csv tell it.

    `metrics` holds the finite numbers only, and what follows from others: `gap` (train minus test accuracy), `seconds`
    (of the median epoch), `recall_0` to `recall_9`. `n_train`, `n_test` and `n_fold` are numbers of images.
    `validated_on` is `none`, `test`, `held out`, or `fold` where the fold left out was the validation.
    `dropout` and `batch_norm` say whether any layer before the output is of that kind (dropout of pixels is not).
    `history` has one tuple an epoch in the order of `HISTORY`, None where a value was not measured.
    """

    folder: str
    seed: int
    fold: int | None
    status: str
    metrics: dict[str, float]
    parameters: int | None
    seconds: float | None
    hidden: int | None
    n_train: int | None
    n_test: int | None
    n_fold: int | None
    validated_on: str
    data: str | None
    provenance: dict[str, Any]
    error: str | None
    config: dict[str, Any] = field(default_factory=dict)
    dropout: bool = False
    batch_norm: bool = False
    history: tuple[tuple[float | None, ...], ...] = ()
    pruned_at: int | None = None  # the epoch after which it fell below its floor

    @property
    def key(self) -> Key:
        """Its seed and fold: `seed 3 fold 1` in words."""
        return Key(self.seed, self.fold)

    @property
    def completed(self) -> bool:
        """Whether the training came to its end and its numbers count."""
        return self.status == "completed"


def read_run(path: Path) -> RunRecord:
    """The run in the folder `path`, without its history.

    Raises:
        FileNotFoundError: There is no run.json: the run is not finished, or was killed.
        Exception: One of `UNREADABLE`, where run.json is not whole.
    """
    named = FOLDER.fullmatch(path.name)
    written = json.loads((path / "run.json").read_bytes())
    data, layers = written.get("data") or {}, (written.get("effective") or {}).get("layers")
    error, config = written.get("error") or {}, written.get("config") or {}
    metrics = written["metrics"] if written["status"] == "completed" else written.get("metrics") or {}
    return RunRecord(
        folder=path.name,
        seed=int(named["seed"]) if named else int(written["seed"]),
        fold=int(named["fold"]) if named and named["fold"] else None,
        status=str(written["status"]),
        metrics=_metrics(metrics) | _derived(written),
        parameters=_count((written.get("parameters") or {}).get("total")),
        seconds=_seconds(written.get("seconds") or {}),
        hidden=None if layers is None else _hidden(layers),
        n_train=_count(data.get("train")),
        n_test=_count(data.get("test")),
        n_fold=_count(data.get("fold")),
        validated_on=str(data.get("validation_is") or "none"),
        data=data.get("description"),
        provenance=dict(written.get("provenance") or {}),
        error=_sentence(error) if error else None,
        config=config,
        dropout=_has("Dropout", layers),
        batch_norm=_has("BatchNormalization", layers),
        pruned_at=_count(written.get("pruned_at")),
    )


def _hidden(layers: list[dict[str, Any]]) -> int:
    """Number of dense and convolutional layers before the output."""
    return sum(
        ("Dense" in layer["class"] or "Conv" in layer["class"]) and layer["name"] != "output" for layer in layers
    )


def _has(kind: str, layers: list[dict[str, Any]] | None) -> bool:
    return any(layer["class"] == kind and layer["name"] != "input_dropout" for layer in layers or ())


def _metrics(written: dict[str, Any]) -> dict[str, float]:
    """The finite numbers. Raises ValueError for an accuracy that is no fraction."""
    known = {key: value for key, value in written.items() if _finite(value)}
    for key, value in known.items():
        if key.endswith("accuracy") and not 0 <= value <= 1:
            raise ValueError(f"{key} is a fraction in 0..1, not {value}")
    return known


def _derived(written: dict[str, Any]) -> dict[str, float]:
    """Metrics that follow from what the run measured; the first epoch's compilation does not move a median."""
    known, epochs = written.get("metrics") or {}, (written.get("seconds") or {}).get("epochs") or []
    found: dict[str, float] = {f"recall_{digit}": share for digit, share in enumerate(written.get("recall") or [])}
    if {"train_accuracy", "test_accuracy"} <= (numbers := _metrics(known)).keys():
        found["gap"] = numbers["train_accuracy"] - numbers["test_accuracy"]
    if epochs:
        found["seconds"] = median(epochs)
    return {key: value for key, value in found.items() if _finite(value)}


def _finite(value: object) -> bool:
    return isinstance(value, int | float) and math.isfinite(value)


def _count(value: Any) -> int | None:
    """A number of things, None where it was not written. Raises ValueError below 1."""
    if value is not None and int(value) < 1:
        raise ValueError(f"expected a count of at least 1, not {value}")
    return None if value is None else int(value)


def _seconds(written: dict[str, Any]) -> float | None:
    return float(written["total"]) if _finite(written.get("total")) else None


def _sentence(error: dict[str, Any]) -> str:
    """First line of an error: `ValueError: no such layer`."""
    lines = str(error.get("message") or "").strip().splitlines()
    words = ": ".join(part for part in (str(error.get("type") or ""), lines[0] if lines else "") if part)
    return words.encode("utf-8", "replace").decode("utf-8")  # a file name in it may be no text
