"""The networks that are raced: their configs, and the arithmetic of an epoch."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from mnist_sweeps.config.schema import Config
from mnist_sweeps.planning import compose
from mnist_sweeps.planning.planner import plan
from mnist_sweeps.runtime.device import faster_backend
from mnist_sweeps.sweeps.dry_run import Built, dry_run

MNIST = ["data=mnist", "data.validation=test"]
PIXELS = 28 * 28
FEW = ["data.train_size=2560", "data.test_size=500"]


@dataclass(frozen=True)
class Net:
    """A network with its data; `config` names the backend that this project takes for it."""

    name: str
    config: Config
    flops: float  # of an epoch: validation counted, input gradients of the first layer too, as is usual

    @property
    def images(self) -> int:
        """Training images."""
        return self.config.data.train_size or 60_000

    @property
    def done(self) -> float:
        """Of `flops` of a dense net those that are computed: nobody needs the gradient of the images."""
        return self.flops - 2.0 * PIXELS * self.config.model.hidden[0] * self.images


def dense(quick: bool) -> list[Net]:
    """The net of the MLP table, and the small one of notebook 003 with Adam."""
    common = [*MNIST, *(FEW if quick else [])]
    table, small = _nets(common) + _nets([*common, "model=mlp_small", "training.batch_size=32"])
    return [replace(table, name="784-512-256-10, batch 128"), replace(small, name="784-32-32-10, batch 32")]


def convolutional(seconds: float, fewest: int) -> list[Net]:
    """The six nets of cnn_depth, each with as many of 12,000 images as train in about `seconds` at 140 GFLOP/s.

    At least `fewest` batches; a sixth as many images validate.
    """
    nets = []
    for net in _nets(["sweep=cnn_depth", "data.train_size=12000", "data.test_size=2000"]):
        batch = net.config.training.batch_size
        batches = min(math.ceil(12_000 / batch), max(fewest, round(seconds * 1.4e11 / net.flops * 12_000 / batch)))
        images = min(12_000, batches * batch)
        data = replace(net.config.data, train_size=images, test_size=images // 6)
        nets.append(Net(net.name, replace(net.config, data=data), net.flops * images / 12_000))
    return nets


def _nets(overrides: list[str]) -> list[Net]:
    with compose.session():
        rows = plan(overrides).rows
    return [
        Net(row.name, replace(row.config, backend=_backend(built)), _flops(built))
        for row, built in zip(rows, dry_run([row.config for row in rows]), strict=True)
    ]


def _flops(built: Built) -> float:
    """Two operations a multiply-accumulate; a training step is three forward passes. Validated on the test images."""
    return 2.0 * built.multiplies * (3 * built.train_images + built.test_images)


def _backend(built: Built) -> str:
    return faster_backend(built.multiplies - built.convolutions, built.convolutions)
