"""What follows from the numbers of a run: finite metrics, the gap, recall by digit, kinds of layers."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from statistics import median
from typing import Any


def finite_metrics(scores: Mapping[str, Any]) -> dict[str, float]:
    """The scores that are finite numbers.

    Raises:
        ValueError: An accuracy is not a fraction.
    """
    finite = {key: value for key, value in scores.items() if is_finite(value)}
    for key, value in finite.items():
        if key.endswith("accuracy") and not 0 <= value <= 1:
            raise ValueError(f"{key} is a fraction in 0..1, not {value}")
    return finite


def derived_metrics(
    scores: Mapping[str, Any], recall: Sequence[float | None], epoch_seconds: Sequence[float]
) -> dict[str, float]:
    """Metrics that follow from what a run measured, as far as it did.

    Args:
        scores: With `train_accuracy` and `test_accuracy` for the `gap` between them, and `evaluated_train_accuracy`
            for the `evaluated_gap`.
        recall: The share of each digit's images that were recognized, for `recall_0` to `recall_9`.
        epoch_seconds: Of each epoch, for `seconds`: a median is not moved by the first epoch's compilation.
    """
    finite = finite_metrics(scores)
    metrics: dict[str, Any] = {f"recall_{digit}": share for digit, share in enumerate(recall)}
    for gap, train in (("gap", "train_accuracy"), ("evaluated_gap", "evaluated_train_accuracy")):
        if {train, "test_accuracy"} <= finite.keys():
            metrics[gap] = finite[train] - finite["test_accuracy"]
    if epoch_seconds:
        metrics["seconds"] = median(epoch_seconds)
    return {key: value for key, value in metrics.items() if is_finite(value)}


def is_finite(value: object) -> bool:
    """Whether `value` is a number other than nan and infinity."""
    return isinstance(value, int | float) and math.isfinite(value)


def count(value: Any) -> int | None:
    """A number of things; None where it was not written.

    Raises:
        ValueError: It is below 1.
    """
    if value is not None and int(value) < 1:
        raise ValueError(f"expected a count of at least 1, not {value}")
    return None if value is None else int(value)


def hidden_layers(layers: Sequence[Mapping[str, Any]]) -> int:
    """Number of dense and convolutional layers before the output, of the `effective` layers of a run."""
    return sum(
        ("Dense" in layer["class"] or "Conv" in layer["class"]) and layer["name"] != "output" for layer in layers
    )


def has_layer(kind: str, layers: Sequence[Mapping[str, Any]] | None) -> bool:
    """Whether a layer of a class is among the `effective` layers of a run.

    Args:
        kind: Keras's name of the class: `Dropout`.
        layers: None where they are not known. `input_dropout` does not count.
    """
    return any(layer["class"] == kind and layer["name"] != "input_dropout" for layer in layers or ())
