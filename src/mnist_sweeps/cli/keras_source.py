"""The settings of a Keras model in a file, or made by a function of the user's own code; read in a child process.

There Keras runs on its numpy backend, the fastest one where nothing is computed, and what imports print is not shown.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, dataclass
from importlib import import_module
from importlib.util import find_spec
from math import prod
from pathlib import Path
from typing import Any

from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.runtime import child, keras_backend

FILES = (".keras", ".h5")
EXPECTED = "expected a file that Keras saved, like net.keras, or a function of no arguments as module:function"


@dataclass(frozen=True)
class SequentialSource:
    """A model's settings by section, the number of values in one of its inputs, and of its classes."""

    settings: dict[str, Any]
    inputs: int
    classes: int


def read(source: str) -> SequentialSource:
    """What the file holds, or what the function returns.

    Args:
        source: A file, or `module:function` in the working directory or an installed package. A file is read as data:
            Keras refuses code in it. The function is called.

    Raises:
        ConfigError: There is no such file or function, or its model has a layer or a setting that no key describes.
    """
    module, _, function = source.partition(":")
    if Path(source).suffix in FILES:
        if not Path(source).is_file():
            raise ConfigError(f"{source}: there is no such file; {EXPECTED}")
    elif not (function.isidentifier() and all(part.isidentifier() for part in module.split("."))):
        raise ConfigError(f"{source}: {EXPECTED}")
    backend = "numpy" if find_spec("jax") else "tensorflow"  # Keras's numpy backend imports JAX
    environment = {"KERAS_BACKEND": backend, "CUDA_VISIBLE_DEVICES": "-1", "JAX_PLATFORMS": "cpu"}
    answer = child.ask(__name__, source, environment)
    if "fault" in answer:
        raise ConfigError(f"{source}: {answer['fault']}")
    return SequentialSource(**answer)


def main() -> None:
    """The child: where the model is as JSON in, its settings or what is wrong as a line of JSON out."""
    source = json.load(sys.stdin)
    keras_backend.import_keras()
    from mnist_sweeps.models.sequential_settings import sequential_settings

    try:
        model = load(source)
        settings = sequential_settings(model)
        answer = asdict(SequentialSource(settings, prod(model.input_shape[1:]), model.output_shape[-1]))
    except ConfigError as error:
        answer = {"fault": str(error)}
    except Exception as error:  # of Keras, or of the user's code
        answer = {"fault": f"{type(error).__name__}: {' '.join(str(error).split())}"}
    print(f"\n{json.dumps(answer)}")


def load(source: str) -> Any:
    """The Keras model of a source, see `read`."""
    import keras

    if Path(source).suffix in FILES:
        return keras.saving.load_model(source)
    module, _, function = source.partition(":")
    sys.path.insert(0, str(Path.cwd()))
    return getattr(import_module(module), function)()


if __name__ == "__main__":
    main()
