"""The test images of a run, read again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
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
    return _read(json.dumps(dict(settings), sort_keys=True))


@lru_cache(maxsize=2)
def _read(settings: str) -> Digits | None:
    try:
        data = Data(**json.loads(settings))
        return dataset.load(data).test if sources.is_local(data.name, data.path) else None
    except (ConfigError, TypeError):
        return None
