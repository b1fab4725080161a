"""The process of one contender: trains epoch by epoch, each when the race says so.

python -m benchmarks.contender NAME     # then a config as JSON on standard input, then a line for each epoch
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Mapping
from importlib import import_module
from typing import Any

from mnist_sweeps.config.schema import restore
from mnist_sweeps.data import dataset
from mnist_sweeps.training import inputs

EPOCHS = 1000  # more than any race has: the race ends a contender, not the contender itself


class Gate:
    """Holds each epoch until a line comes in; times it from there to its end, validation included."""

    def __init__(self, answers: Any) -> None:
        self.answers = answers

    def begin(self) -> None:
        """Waits for the line; the process ends where there is none."""
        if not sys.stdin.readline():
            os._exit(0)  # at once: a backend's threads may be in the middle of something
        self.began = time.perf_counter()

    def end(self, logs: Mapping[str, float]) -> None:
        """Answers with the seconds of the epoch, and its validation accuracy where there is one."""
        seconds = time.perf_counter() - self.began
        accuracy = float(logs["val_accuracy"]) if "val_accuracy" in logs else None
        print(json.dumps({"seconds": seconds, "val_accuracy": accuracy}), file=self.answers, flush=True)


def callback(gate: Gate) -> Any:
    """The gate as Keras takes it."""
    import keras

    return keras.callbacks.LambdaCallback(
        on_epoch_begin=lambda epoch, logs: gate.begin(), on_epoch_end=lambda epoch, logs: gate.end(logs)
    )


def main(name: str) -> None:
    """Trains as the module `benchmarks.contenders.NAME` does."""
    from benchmarks.contenders import BACKENDS

    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what others print must not be taken for an answer
    config = restore(json.loads(sys.stdin.readline()))
    os.environ |= {"KERAS_BACKEND": BACKENDS.get(name, config.backend), "CUDA_VISIBLE_DEVICES": "-1"}
    os.environ["JAX_PLATFORMS"] = "cpu"
    prepared = inputs.prepare(config, dataset.load(config.data))
    import_module(f"benchmarks.contenders.{name}").train(config, prepared, EPOCHS, Gate(answers))


if __name__ == "__main__":
    main(sys.argv[1])
