"""Numbers below `hydra.launcher.` of this package's launchers: each has a smallest value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from mnist_sweeps.config.value_checks import is_number, is_whole

OURS = "hydra_plugins.mnist_sweeps."  # the module of their classes
LEAST = {
    "array_parallelism": 1,
    "cpus_per_task": 1,
    "gpus_per_node": 0,
    "max_num_timeout": 0,
    "recycle": 1,
    "retries": 0,
    "timeout_min": 1,
    "workers": 1,
}
ABOVE_ZERO = ("mem_gb", "timeout")


def faults(settings: Mapping[str, Any]) -> Iterator[str]:
    """A line for each number that its launcher cannot use; none for launchers of other packages.

    Args:
        settings: The keys of a composed configuration (`hydra.launcher.timeout`).
    """
    if not str(settings.get("hydra.launcher._target_")).startswith(OURS):
        return
    for name, least in LEAST.items():
        value = settings.get(key := f"hydra.launcher.{name}")
        if value is not None and not is_whole(value, least):
            yield f"{key}={value}: expected a whole number of at least {least}"
    for name in ABOVE_ZERO:
        value = settings.get(key := f"hydra.launcher.{name}")
        if value is not None and not (is_number(value) and value > 0):
            yield f"{key}={value}: expected a number above 0"
