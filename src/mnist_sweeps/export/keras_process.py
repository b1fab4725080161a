"""Keras in a child process that uses a model instead of training it."""

from __future__ import annotations

import sys

from mnist_sweeps.config.schema import Config
from mnist_sweeps.runtime import device, keras_backend


def start(backend: str) -> None:
    """Imports Keras on a CPU.

    Args:
        backend: `tensorflow`, `jax`, or `auto` for what is installed.

    Raises:
        ConfigError: The backend is not installed.
    """
    keras_backend.configure_process(device.resolve(Config(device="cpu", backend=backend)))
    if sys.modules.get("tensorflow", "absent") is None:
        del sys.modules["tensorflow"]  # hidden from JAX to save time, but Rescaling uses what it finds there
    keras_backend.import_keras()
