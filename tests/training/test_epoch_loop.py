"""The loop over epochs calls training, validation and callbacks in Keras's order."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np

from mnist_sweeps.training.epoch_loop import run_epochs
from mnist_sweeps.training.permutation import permutation


class Recorder(keras.callbacks.Callback):
    """Records the calls; stops training after epoch `stop_after` (from 0)."""

    def __init__(self, calls: list[str], stop_after: int | None = None) -> None:
        super().__init__()
        self.calls, self.stop_after = calls, stop_after

    def on_test_begin(self, logs: Any = None) -> None:
        self.calls.append("test begins")

    def on_test_end(self, logs: Any = None) -> None:
        self.calls.append("test ends")

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        self.calls.append(f"epoch {epoch} ends")
        self.model.stop_training = epoch == self.stop_after


def test_each_epoch_trains_in_the_order_of_seed_and_epoch() -> None:
    orders: list[Any] = []

    def train(epoch: int, order: Any) -> dict[str, int]:
        orders.append(order)
        return {"loss": len(orders)}

    history = run_epochs(keras.Sequential(), 3, range(2), 5, [], train)
    assert history == {"loss": [1.0, 2.0]}
    assert [list(order) for order in orders] == [list(permutation(3, epoch, 5)) for epoch in range(2)]


def test_validation_runs_between_its_callbacks() -> None:
    calls: list[str] = []

    def validate() -> dict[str, Any]:
        calls.append("validates")
        return {"val_loss": np.float32(0.5)}

    history = run_epochs(keras.Sequential(), 0, range(1), 5, [Recorder(calls)], lambda *_: {"loss": 1}, validate)
    assert calls == ["test begins", "validates", "test ends", "epoch 0 ends"]
    assert history == {"loss": [1.0], "val_loss": [0.5]}


def test_it_begins_at_a_later_epoch() -> None:
    orders: list[list[int]] = []

    def train(epoch: int, order: np.ndarray) -> dict[str, float]:
        orders.append(order.tolist())
        return {"loss": 0.5}

    run_epochs(keras.Sequential(), 3, range(1, 2), 5, [], train)
    assert orders == [permutation(3, 1, 5).tolist()]


def test_a_callback_stops_training() -> None:
    history = run_epochs(keras.Sequential(), 0, range(5), 5, [Recorder([], stop_after=1)], lambda *_: {"loss": 1})
    assert history == {"loss": [1.0, 1.0]}
