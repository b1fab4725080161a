"""Settings that are refused."""

from collections.abc import Callable
from typing import Any

import pytest

from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.config.schema import Config
from mnist_sweeps.config.validate import check


@pytest.fixture
def refusal(configured: Callable[..., Config]) -> Callable[[dict[str, Any]], str]:
    """The message with which the default config is refused once these settings are changed."""

    def message(settings: dict[str, Any]) -> str:
        with pytest.raises(ConfigError) as raised:
            check(configured(settings))
        return str(raised.value)

    return message
