"""Declarative experiment sweeps for Keras models on MNIST: a question is one YAML file, one command its answer.

Example:
    ```python
    import mnist_sweeps

    model = mnist_sweeps.build(["model=cnn_small", "optimizer=sgd"])  # a compiled keras.Sequential
    table = mnist_sweeps.load("outputs/quickstart")                   # a pandas DataFrame, one line a variant
    ```
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import keras
    import pandas as pd

__all__ = ["build", "load"]


def build(overrides: Sequence[str] = (), seed: int = 0) -> keras.Sequential:
    """The compiled network that `mnist-sweeps OVERRIDES` would train, with the initial weights of `seed`.

    Raises:
        ConfigError: a wrong key, value or combination, or more than one variant.
    """
    from mnist_sweeps.config.errors import ConfigError
    from mnist_sweeps.data import dataset, preprocessing
    from mnist_sweeps.models import network
    from mnist_sweeps.planning import compose
    from mnist_sweeps.planning.explain_errors import explain
    from mnist_sweeps.planning.overrides import with_quoted_path
    from mnist_sweeps.planning.planner import plan
    from mnist_sweeps.training.trainer import compile_for

    try:
        with compose.session():
            rows = plan(with_quoted_path(list(overrides))).rows
    except Exception as error:
        raise ConfigError(explain(error)) from error
    if len(rows) > 1:
        raise ConfigError(f"build: expected one variant, got {len(rows)}: {', '.join(row.name for row in rows)}")
    config = rows[0].config
    split = dataset.load(config.data).leaving_out(config.runs[0].fold)
    model = network.build(config, preprocessing.shape(config.preprocessing, *split.train), seed)
    compile_for(model, config, len(split.train.labels))
    return model


def load(folder: str | Path) -> pd.DataFrame:
    """The table of a sweep: report.csv's columns, one line a variant, from sweep.yaml and the run folders.

    Raises:
        FileNotFoundError: there is no sweep in `folder`.
    """
    from io import StringIO

    import pandas as pd

    from mnist_sweeps.report import read
    from mnist_sweeps.report.tables.csv_files import report_csv
    from mnist_sweeps.report.tables.record import TEXTS

    table = StringIO(report_csv(read(Path(folder))))
    return pd.read_csv(table, dtype=dict.fromkeys(TEXTS, str), keep_default_na=False, na_values=[""])
