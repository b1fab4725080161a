"""Declarative experiment sweeps for Keras models on MNIST: a question is one YAML file, one command its answer.

Example:
    ```python
    import mnist_sweeps

    model = mnist_sweeps.build(["model=cnn_small", "optimizer=sgd"])  # a compiled Keras model
    table = mnist_sweeps.sweep("quickstart", ["seeds=5"])             # trained; a pandas DataFrame, one line a variant
    table = mnist_sweeps.load("outputs/quickstart")                   # the same, trained before
    ```
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import keras

    from mnist_sweeps.sweeps.sweep_table import SweepTable

__all__ = ["build", "load", "sweep"]


def build(overrides: Sequence[str] = (), seed: int = 0) -> keras.Model:
    """The compiled network that `mnist-sweeps OVERRIDES` would train, with the initial weights of `seed`.

    Raises:
        ConfigError: a wrong key, value or combination, or more than one variant.
    """
    from mnist_sweeps.config.errors import ConfigError
    from mnist_sweeps.data import dataset, preprocessing
    from mnist_sweeps.models import network
    from mnist_sweeps.planning.planner import plan_in_session
    from mnist_sweeps.training.shared_networks import compile_for

    rows = plan_in_session(overrides).rows
    if len(rows) > 1:
        raise ConfigError(f"build: expected one variant, got {len(rows)}: {', '.join(row.name for row in rows)}")
    config = rows[0].config
    split = dataset.load(config.data).leaving_out(config.runs[0].fold)
    model = network.build(config, preprocessing.shape(config.preprocessing, *split.train), seed, len(split.classes))
    compile_for(model, config, len(split.train.labels))
    return model


def load(folder: str | Path) -> SweepTable:
    """The table of a sweep, from sweep.yaml and the run folders: report.csv's columns, one line a variant.

    It is a pandas `DataFrame` that a notebook shows with its verdicts, and that has `.runs` and `.histories` (data
    frames) and `.model(row)` (the kept Keras model).

    Raises:
        FileNotFoundError: there is no sweep in `folder`.
    """
    from mnist_sweeps.sweeps.sweep_table import sweep_table

    return sweep_table(Path(folder))


def sweep(name: str | None = None, overrides: Sequence[str] = ()) -> SweepTable:
    """The table of a sweep, as `load` has it, after `mnist-sweeps sweep=NAME OVERRIDES` has trained what is missing.

    Args:
        name: A sweep, as `mnist-sweeps list` shows them; None trains what `mnist-sweeps OVERRIDES` would train.
        overrides: As on the command line: `["seeds=5", "optimizer=sgd"]`.

    Raises:
        ConfigError: a wrong key, value or combination; nothing was trained.
        KeyboardInterrupt: interrupted; the same call goes on where it ended.
    """
    from mnist_sweeps.cli.python_sweep import train

    return load(train([*([] if name is None else [f"sweep={name}"]), *overrides]))
