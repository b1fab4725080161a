"""Builds every variant and trains none: in a child process on Keras's numpy backend, so that hundreds take seconds."""

from __future__ import annotations

import json
import math
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import redirect_stdout
from dataclasses import asdict, dataclass, replace
from functools import cache
from importlib.util import find_spec

from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.config.schema import Config, Data, restore
from mnist_sweeps.data import sources
from mnist_sweeps.data.dataset import Split
from mnist_sweeps.runtime import keras_backend, numerics

TOO_LARGE = "the network does not fit into the memory of this machine; make its layers smaller"

WIDE = 10_000  # units of a layer from which random weights may take minutes before memory runs out; zeros do not
ZEROS = {"name": "zeros"}


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

    A config at which the child process is killed (the kernel does that where memory runs out) has that as its fault.

    Raises:
        RuntimeError: the child process itself failed.
    """
    built: list[Built] = []
    while len(built) < len(configs):
        child = _child(configs[len(built) :])
        built += [Built(**json.loads(line)) for line in child.stdout.splitlines()]
        if child.returncode == -signal.SIGKILL and len(built) < len(configs):
            built.append(Built(fault=f"model: {TOO_LARGE} (the check was killed)"))
        elif child.returncode != 0:
            raise RuntimeError(f"the check's own process failed:\n{child.stderr}")
    return built


def _child(configs: list[Config]) -> subprocess.CompletedProcess[str]:
    """A process that builds the configs, one line of JSON for each."""
    backend = "numpy" if find_spec("jax") else "tensorflow"  # Keras's numpy backend imports JAX
    environment = {
        **os.environ,
        "KERAS_BACKEND": backend,
        "CUDA_VISIBLE_DEVICES": "-1",
        "JAX_PLATFORMS": "cpu",
        "TF_CPP_MIN_LOG_LEVEL": "3",
    }
    return subprocess.run(
        [sys.executable, "-m", "mnist_sweeps.sweeps.dry_run"],
        input=json.dumps([asdict(config) for config in configs]),
        capture_output=True, text=True, check=False, env=environment,
    )  # fmt: skip


def main() -> None:
    """The child: configs as JSON in, what each builds to as a line of JSON out."""
    numerics.clear_environment()
    _limit_memory()
    configs = [restore(content) for content in json.load(sys.stdin)]
    results = sys.stdout
    with redirect_stdout(sys.stderr):  # Keras prints the progress of a download
        sources.ahead(configs[0].data.name, configs[0].data.path)
        build = _builder()
        for config in configs:
            print(json.dumps(asdict(build(config))), file=results, flush=True)


def _limit_memory() -> None:
    """Lets a network that is larger than the machine's memory fail at once, instead of filling it."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    resource.setrlimit(resource.RLIMIT_DATA, (memory, resource.getrlimit(resource.RLIMIT_DATA)[1]))


def _builder() -> Callable[[Config], Built]:
    keras_backend.import_keras()

    from mnist_sweeps.data import dataset, preprocessing
    from mnist_sweeps.data.class_weights import class_weights
    from mnist_sweeps.models import inspection, keras_objects, network
    from mnist_sweeps.models.schedule import in_steps
    from mnist_sweeps.training import extra_metrics

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
            shape, classes = preprocessing.shape(config.preprocessing, *split.train), len(split.classes)
            if max([*config.model.hidden, *config.model.conv.filters], default=0) > WIDE:
                network.build(replace(config, initializer=ZEROS, output_initializer=ZEROS), shape, 0, classes)
            model = network.build(config, shape, 0, classes)
            epoch_steps = math.ceil(len(split.train.labels) / config.training.batch_size)
            keras_objects.optimizer(in_steps(config.optimizer, epoch_steps))
            extra_metrics.check(config.training.metrics, classes)
            class_weights(config.training.class_weight, split.train.labels, classes)
        except ConfigError as error:
            return Built(fault=str(error))
        except MemoryError as error:
            return Built(fault=f"model: {TOO_LARGE} ({error})")
        return Built(
            parameters=inspection.parameters(model)["total"],
            multiplies=inspection.multiplies(model),
            convolutions=inspection.multiplies(model, inspection.CONVOLUTIONS),
            train_images=len(split.train.labels),
            test_images=len(split.test.labels),
            data=split.description,
        )

    return build


if __name__ == "__main__":
    main()
