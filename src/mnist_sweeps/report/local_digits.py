"""The test images of a run, read again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.config.schema import Data
from mnist_sweeps.data import dataset, sources
from mnist_sweeps.data.mnist import Digits


def local_digits(settings: Mapping[str, Any]) -> Digits | None:
    """The test images of a data set; None if they are not on this machine: a report downloads nothing.

    Args:
        settings: The section `data` of a config.
    """
    try:
        data = Data(**settings)
        return dataset.load(data).test if sources.is_local(data.name, data.path) else None
    except (ConfigError, TypeError):
        return None
