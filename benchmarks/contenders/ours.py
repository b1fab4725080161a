"""This project: the engine that `backend=auto` takes for the net."""

from __future__ import annotations

from benchmarks.contender import Gate, callback
from mnist_sweeps.config.schema import Config
from mnist_sweeps.runtime import device, keras_backend
from mnist_sweeps.training.inputs import Arrays


def train(config: Config, arrays: Arrays, epochs: int, gate: Gate) -> None:
    """One epoch a turn."""
    machine = device.resolve(config)
    keras_backend.configure_process(machine)
    from mnist_sweeps.training.trainer import Trainer

    config.training.epochs = epochs
    Trainer(config, arrays, machine.engine).engine.run(0, [callback(gate)])
