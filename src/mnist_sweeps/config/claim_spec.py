"""A claim of a sweep file: what it expects of a row, in words and as something that can be judged."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mnist_sweeps.config.allowed import CORRUPTIONS
from mnist_sweeps.config.allowed import METRICS as EXTRA_METRICS
from mnist_sweeps.config.errors import ConfigError, nearest
from mnist_sweeps.config.history_metric import history_metric

FRACTIONS = (
    "test_accuracy",
    "val_accuracy",
    "train_accuracy",
    "evaluated_train_accuracy",
    "fold_accuracy",
    "gap",
    "evaluated_gap",
    *(f"recall_{d}" for d in range(10)),
    *(f"{kind}_accuracy" for kind in CORRUPTIONS),
)
METRICS = (
    *FRACTIONS,
    "test_loss",
    "val_loss",
    "train_loss",
    "evaluated_train_loss",
    "seconds",
    "parameters",
    *(f"{kind}_loss" for kind in CORRUPTIONS),
    *(f"test_{name}" for name in EXTRA_METRICS),
)
RECALL = re.compile(r"recall_[1-9]?\d")  # of a class by its place in the list of names; MNIST's are in METRICS
CONFUSION = re.compile(r"confusion_([1-9]?\d)_([1-9]?\d)")  # of a class, and that which it is recognized as
WEIGHTS = re.compile(
    r"\w+/(kernel|depthwise_kernel|pointwise_kernel|gamma)/(mean|sd|skew|kurtosis|positive|peaks)"
)  # of a layer, after training
BETWEEN = ("higher", "lower", "different", "same", "not higher", "not lower")
FIXED = ("at least", "at most")
NEAR = ("same", "not higher", "not lower")  # they need to know how near is the same
KEYS = {
    "says": "the sentence that is judged",
    "row": "the row that it is about",
    "is": "how the row compares with another row, or with a value",
    "metric": "the compared metric, test_accuracy by default; or a number of a layer's weights, hidden_1/kernel/sd, "
    "or of epochs, val_loss[16:20], or the share of the 8s that are recognized as 5, confusion_8_5",
    "against": "the row to compare with; by default the one of compare, or the baseline",
    "value": "the number to compare with, where is: at least or at most; accuracies from 0 to 1",
    "margin": "how near counts as the same, in the metric's unit (accuracies: percentage points); else the sweep's",
    "printed": "what the source printed, where the sweep's reference does not have it",
    "cause": "whether the sentence names a cause, so that only one thing may differ; true by default",
}


@dataclass(frozen=True)
class Claim:
    """What is expected of a row: `relation` (the file's `is`) to the row `against`, or to `value`.

    `metric` is one of `METRICS`: `gap` is train minus test accuracy, `seconds` those of the median epoch, `recall_8`
    the recall of the 8s, `confusion_8_5` the share of them that is recognized as 5; or a number of a layer's trained
    weights, `hidden_1/kernel/sd`; or one of epochs, as `HistoryMetric` has it. `margin` is in the metric's unit
    (accuracies: percentage points) and says how near is the same; None is the sweep's. `cause` tells whether the
    sentence says why, so that only one thing may have changed.
    `printed` is what the source printed where the sweep's `reference` does not have it.
    """

    says: str
    row: str
    relation: str
    metric: str = "test_accuracy"
    against: str | None = None
    value: float | None = None
    margin: float | None = None
    printed: str = ""
    cause: bool = True
    changes: tuple[str, ...] = ()

    @property
    def fraction(self) -> bool:
        """Whether the metric is a fraction, shown in per cent and compared in percentage points."""
        if history := history_metric(self.metric):
            return history.column.endswith("accuracy")
        return self.metric in FRACTIONS or is_share_of_class(self.metric)


def parse_claims(content: Any) -> list[Claim]:
    """The claims of a sweep file; none where it has none.

    Raises:
        ConfigError: no list of claims, or one of them that cannot be judged.
    """
    if content is None:
        return []
    if not isinstance(content, list) or not all(isinstance(one, Mapping) for one in content):
        raise ConfigError("sweep.claims: expected a list, like [{row: ROW, is: lower, says: a sentence}]")
    return [parse_claim(one) for one in content]


def parse_claim(written: Mapping[str, Any], place: str = "sweep.claims") -> Claim:
    """The claim as a file has it: a sweep file's, or sweep.yaml's with its `changes`.

    Raises:
        ConfigError: a key, metric or relation that there is not, or one that lacks what it needs.
    """
    settings = dict(written)
    changes = tuple(settings.pop("changes", None) or ())
    for key in settings:
        if key not in KEYS:
            raise ConfigError(
                f"{place}: {key}={settings[key]}: there is no such key; {nearest(str(key), sorted(KEYS))}"
            )
    for key in ("says", "row", "is"):
        if settings.get(key) in (None, ""):
            raise ConfigError(
                f"{place}: {key}: expected in every claim, as in {{row: ROW, is: lower, says: a sentence}}"
            )
    relation = str(settings.pop("is"))
    if relation not in BETWEEN + FIXED:
        raise ConfigError(f"{place}.is={relation}: {nearest(relation, [*BETWEEN, *FIXED])}")
    claim = Claim(**{**settings, "row": str(settings["row"]), "relation": relation, "changes": changes})
    if not _is_metric(claim.metric):
        raise ConfigError(f"{place}.metric={claim.metric}: {nearest(claim.metric, list(METRICS))}")
    _check_numbers(claim, place)
    return claim


def _is_metric(name: object) -> bool:
    patterns = any(kind.fullmatch(str(name)) for kind in (WEIGHTS, RECALL, CONFUSION))
    return name in METRICS or patterns or history_metric(name) is not None


def is_share_of_class(metric: str) -> bool:
    """Whether a metric is a share of the images of one class, which the noise law does not cover."""
    return any(kind.fullmatch(metric) for kind in (RECALL, CONFUSION))


def _check_numbers(claim: Claim, place: str) -> None:
    for key, number in (("value", claim.value), ("margin", claim.margin)):
        if number is not None and (isinstance(number, bool) or not isinstance(number, (int, float))):
            raise ConfigError(f"{place}.{key}={number}: expected a number")
    if claim.relation in FIXED and (claim.value is None or claim.against is not None):
        raise ConfigError(f"{place}: is={claim.relation}: needs a value, and no against")
    if claim.relation in BETWEEN and claim.value is not None:
        raise ConfigError(
            f"{place}.value={claim.value}: is={claim.relation} is about two rows; a value goes with at least"
        )
    if claim.relation in NEAR and claim.margin is None and not claim.fraction:
        raise ConfigError(
            f"{place}: is={claim.relation}: needs a margin where the metric is {claim.metric}: how near is the same?"
        )


def claim_to_yaml(claim: Claim) -> dict[str, Any]:
    """The claim for sweep.yaml, without what it leaves unsaid."""
    content = {
        "says": claim.says,
        "row": claim.row,
        "metric": claim.metric,
        "is": claim.relation,
        "against": claim.against,
        "value": claim.value,
        "margin": claim.margin,
        "printed": claim.printed or None,
        "cause": None if claim.cause else False,
        "changes": list(claim.changes) or None,
    }
    return {key: value for key, value in content.items() if value is not None}
