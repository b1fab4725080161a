"""Builds every variant and trains none: in a child process on Keras's numpy backend, so that hundreds take seconds."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import cache
from importlib.util import find_spec

from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.config.schema import Config, Data, restore
from mnist_sweeps.data import mnist
from mnist_sweeps.data.dataset import Split
from mnist_sweeps.runtime import device, numerics


@dataclass(frozen=True)
class Built:
    """What a variant would train: its network's size, its images, or the fault that forbids it."""

    parameters: int = 0
    multiplies: int = 0  # multiply-accumulates of an image's forward pass
    convolutions: int = 0  # those of them that are in convolutions
    train_images: int = 0
    test_images: int = 0
    data: str = ""
    fault: str | None = None


def dry_run(configs: list[Config]) -> list[Built]:
    """What each config builds to; its data is read and verified, too.

    Raises:
        RuntimeError: the child process itself failed.
    """
    if not configs:
        return []
    backend = "numpy" if find_spec("jax") else "tensorflow"  # Keras's numpy backend imports JAX
    environment = {
        **os.environ,
        "KERAS_BACKEND": backend,
        "CUDA_VISIBLE_DEVICES": "-1",
        "JAX_PLATFORMS": "cpu",
        "TF_CPP_MIN_LOG_LEVEL": "3",
    }
    child = subprocess.run(
        [sys.executable, "-m", "mnist_sweeps.sweeps.dry_run"],
        input=json.dumps([asdict(config) for config in configs]),
        capture_output=True, text=True, check=False, env=environment,
    )  # fmt: skip
    if child.returncode != 0:
        raise RuntimeError(f"the check's own process failed:\n{child.stderr}")
    return [Built(**built) for built in json.loads(child.stdout.splitlines()[-1])]


def main() -> None:
    """The child: configs as JSON in, what they build to as JSON out."""
    numerics.clear_environment()
    configs = [restore(content) for content in json.load(sys.stdin)]
    mnist.ahead(configs[0].data.name, configs[0].data.path)
    build = _builder()
    print(json.dumps([asdict(build(config)) for config in configs]))


def _builder() -> Callable[[Config], Built]:
    device.import_keras()
    import keras

    from mnist_sweeps.data import dataset, preprocessing
    from mnist_sweeps.models import inspection, keras_objects, network

    @cache
    def load(written: str) -> Split | ConfigError:
        try:
            return dataset.load(Data(**json.loads(written)))
        except ConfigError as error:
            return error  # a download that failed is not tried again for the next row

    def build(config: Config) -> Built:
        try:
            split = load(json.dumps(asdict(config.data)))
            if isinstance(split, ConfigError):
                raise split
            split = split.leaving_out(config.runs[0].fold)
            shape = preprocessing.shape(config.preprocessing, *split.train)
            model = network.build(config, shape, seed=0)
            keras_objects.optimizer(config.optimizer)
        except ConfigError as error:
            return Built(fault=str(error))
        return Built(
            parameters=inspection.parameters(model)["total"],
            multiplies=inspection.multiplies(model),
            convolutions=inspection.multiplies(model, (keras.layers.Conv2D,)),
            train_images=len(split.train.labels),
            test_images=len(split.test.labels),
            data=split.description,
        )

    return build


if __name__ == "__main__":
    main()
