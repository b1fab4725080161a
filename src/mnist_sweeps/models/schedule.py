"""Learning-rate schedules whose durations are given in epochs, and a warm-up by the keywords that Keras has for it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from mnist_sweeps.config.errors import ConfigError

DURATION = re.compile(r"(\d+(?:\.\d+)?) (steps?|epochs?)")
KEY = "optimizer.learning_rate"


def in_steps(optimizer: Mapping[str, Any], epoch_steps: int) -> dict[str, Any]:
    """The spec of an optimizer with the durations of its schedule as numbers of updates; without a schedule as it is.

    Args:
        optimizer: Such as `{name: sgd, learning_rate: {name: cosine_decay, decay_steps: 10 epochs, warmup: 2 epochs}}`.
        epoch_steps: Batches in an epoch.

    Raises:
        ConfigError: no such duration, or a warm-up that Keras's schedule does not have.
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
    """`warmup` as Keras has it: the rate rises linearly from 0 to the initial one, and decays after it."""
    steps, name = schedule.pop("warmup"), schedule.get("name")
    if str(name).replace("_", "").lower() != "cosinedecay":
        raise ConfigError(f"{KEY}.warmup={steps} steps: {name} has no warm-up in Keras; only cosine_decay")
    if "initial_learning_rate" not in schedule:
        raise ConfigError(f"{KEY}.warmup={steps} steps: needs {KEY}.initial_learning_rate, to which the rate rises")
    target = schedule["initial_learning_rate"]
    return {**schedule, "initial_learning_rate": 0.0, "warmup_target": target, "warmup_steps": steps}
