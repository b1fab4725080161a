"""The table by keras-tuner's grid search: its grid is the row's number.

python -m benchmarks.contenders.keras_tuner_grid ROWS EPOCHS [IMAGES]     # rows as 0,1,2
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import keras
import keras_tuner
import yaml

from benchmarks.contenders import table

CONFIG = yaml.safe_load((Path(__file__).parent / "conf" / "config.yaml").read_text())


class Rows(keras_tuner.HyperModel):
    """A trial trains one row, in the way of `hydra_app`."""

    def __init__(self, numbers: list[int], epochs: int, images: Any) -> None:
        super().__init__()
        self.numbers, self.epochs, self.images = numbers, epochs, images

    def build(self, hp: keras_tuner.HyperParameters) -> keras.Sequential:
        """The network of the trial's row."""
        return table.network(self._row(hp))

    def fit(self, hp: keras_tuner.HyperParameters, model: keras.Sequential, *_: Any, **__: Any) -> float:
        """The test accuracy, by which the tuner ranks its trials."""
        return -table.trained(model, self._row(hp), self.epochs, self.images)

    def _row(self, hp: keras_tuner.HyperParameters) -> dict[str, Any]:
        return {**CONFIG["usual"], **CONFIG["rows"][hp.Choice("row", self.numbers)]}


def main(rows: str, epochs: str, images: str | None = None) -> None:
    """Trains each row once."""
    keras.utils.set_random_seed(0)
    chosen = [int(number) for number in rows.split(",")]
    model = Rows(chosen, int(epochs), table.digits(int(images) if images else None))
    keras_tuner.GridSearch(model, max_trials=len(chosen), directory="tuner", overwrite=True).search()


if __name__ == "__main__":
    main(*sys.argv[1:])
