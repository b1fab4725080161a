"""Settings that change numbers: set here in every process that trains, never taken from files or environment.

Keras reads `~/.keras/keras.json` (floatx, epsilon, image data format) and `KERAS_*`, JAX reads `JAX_*`, TensorFlow and
the GPU libraries read some of `TF_*` and `NVIDIA_*`. None of them is part of a run's digest, so none may change a run.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

KERAS_HOME = Path("~/.cache/mnist_sweeps/keras").expanduser()  # instead of the user's, which may hold a keras.json
USERS_KERAS_HOME = "MNIST_SWEEPS_KERAS_HOME"  # where the user's own Keras keeps downloaded data
FLOATX, EPSILON, IMAGE_DATA_FORMAT = "float32", 1e-7, "channels_last"  # Keras's own defaults
PREFIXES = ("KERAS_", "JAX_")
KEPT = ("KERAS_BACKEND", "KERAS_HOME", "JAX_PLATFORMS")  # set by `keras_backend.configure_process` or below
NAMES = (
    "NVIDIA_TF32_OVERRIDE",
    "TF_CUDNN_DETERMINISTIC",
    "TF_DETERMINISTIC_OPS",
    "TF_ENABLE_ONEDNN_OPTS",
    "TF_USE_LEGACY_KERAS",
    "TF_XLA_FLAGS",
)
RECORDED = ("XLA_FLAGS", "LD_PRELOAD")  # some machines need them; a run says what they were


def clear_environment() -> None:
    """Removes what Keras, JAX and TensorFlow would read from the environment; only before they are imported."""
    for name in list(os.environ):
        if name in NAMES or (name.startswith(PREFIXES) and name not in KEPT):
            del os.environ[name]
    os.environ.setdefault(USERS_KERAS_HOME, os.environ.get("KERAS_HOME", "~/.keras"))
    os.environ["KERAS_HOME"] = str(KERAS_HOME)


def set_keras_defaults() -> None:
    """Sets Keras's global defaults, overriding keras.json."""
    import keras

    keras.config.set_floatx(FLOATX)
    keras.config.set_epsilon(EPSILON)
    keras.config.set_image_data_format(IMAGE_DATA_FORMAT)
    keras.config.set_dtype_policy(FLOATX)


def users_keras_home() -> Path:
    """The folder of the user's own Keras, which holds `datasets/`."""
    return Path(os.environ.get(USERS_KERAS_HOME) or os.environ.get("KERAS_HOME", "~/.keras")).expanduser()


def numerics() -> dict[str, Any]:
    """The settings in force, read back from Keras and JAX; for the provenance of a run."""
    found: dict[str, Any] = {name: os.environ[name] for name in RECORDED if name in os.environ}
    if keras := sys.modules.get("keras"):
        found |= {
            "floatx": keras.config.floatx(),
            "epsilon": keras.config.epsilon(),
            "image_data_format": keras.config.image_data_format(),
            "dtype_policy": keras.config.dtype_policy().name,
        }
    if jax := sys.modules.get("jax"):
        found |= {"x64": jax.config.jax_enable_x64, "matmul_precision": jax.config.jax_default_matmul_precision}
    return found
