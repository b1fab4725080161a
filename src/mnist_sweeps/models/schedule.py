"""Learning-rate schedules whose durations are given in epochs, and that may have a warm-up."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.config.value_checks import is_whole

DURATION = re.compile(r"(\d+(?:\.\d+)?) (steps?|epochs?)")
KEY = "optimizer.learning_rate"


def in_steps(optimizer: Mapping[str, Any], epoch_steps: int) -> dict[str, Any]:
    """The spec of an optimizer with the durations of its schedule as numbers of updates; without a schedule as it is.

    Args:
        optimizer: Such as `{name: sgd, learning_rate: {name: cosine_decay, decay_steps: 10 epochs, warmup: 2 epochs}}`.
        epoch_steps: Batches in an epoch.

    Raises:
        ConfigError: no such duration, or a warm-up that is not a number of steps.
    """
    rate = optimizer.get("learning_rate")
    if not isinstance(rate, Mapping):
        return dict(optimizer)
    updates = epoch_steps / (optimizer.get("gradient_accumulation_steps") or 1)
    schedule = {key: value if key == "name" else _steps(key, value, updates) for key, value in rate.items()}
    return {**optimizer, "learning_rate": _warmed_up(schedule) if "warmup" in schedule else schedule}


def _steps(key: str, value: Any, updates: float) -> Any:
    """`2 epochs` as a number of updates, of which an epoch has `updates`; in lists, too; numbers as they are."""
    if isinstance(value, (list, tuple)):
        return [_steps(key, entry, updates) for entry in value]
    if not isinstance(value, str):
        return value
    duration = DURATION.fullmatch(value)
    if duration is None:
        raise ConfigError(f"{KEY}.{key}={value}: expected a number, or a duration like 2 epochs or 500 steps")
    count, unit = duration.groups()
    return round(float(count) * (updates if unit.startswith("epoch") else 1))


def _warmed_up(schedule: dict[str, Any]) -> dict[str, Any]:
    """The spec with `warmup` as a number of updates; of CosineDecay by the keywords that Keras has for it.

    The rate rises linearly from 0 to the initial one, and the schedule begins after it.
    """
    steps = schedule["warmup"]
    if not is_whole(steps):
        raise ConfigError(f"{KEY}.warmup={steps} steps: expected at least one step")
    if str(schedule.get("name")).replace("_", "").lower() != "cosinedecay":
        return schedule
    if "initial_learning_rate" not in schedule:
        raise ConfigError(f"{KEY}.warmup={steps} steps: needs {KEY}.initial_learning_rate, to which the rate rises")
    rest = {key: value for key, value in schedule.items() if key != "warmup"}
    target = schedule["initial_learning_rate"]
    return {**rest, "initial_learning_rate": 0.0, "warmup_target": target, "warmup_steps": steps}


def without_warm_up(optimizer: Mapping[str, Any]) -> dict[str, Any]:
    """The spec without a warm-up that Keras does not have.

    Args:
        optimizer: As `in_steps` gives it.
    """
    rate = optimizer.get("learning_rate")
    if not isinstance(rate, Mapping):
        return dict(optimizer)
    return {**optimizer, "learning_rate": {key: value for key, value in rate.items() if key != "warmup"}}
