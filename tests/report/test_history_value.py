"""Metrics of epochs: their value in a run."""

import pytest
from tests.synthetic_sweep import Sweep

from mnist_sweeps.config.history_metric import history_metric
from mnist_sweeps.report import read
from mnist_sweeps.report.history_value import history_value

# epoch, loss, accuracy, val_loss, val_accuracy
HISTORY = [(float(epoch), 1 / epoch, 0.9, 0.5 + 0.1 * (epoch % 2), 0.01 * epoch) for epoch in range(1, 11)]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        pytest.param("val_accuracy[8:10]", 0.09, id="mean"),
        pytest.param("train_loss[2:2]", 0.5, id="one epoch"),
        pytest.param("val_accuracy[9:10]-[1:2]", 0.08, id="change"),
        pytest.param("val_accuracy[1:10]/fluctuation", 0.0, id="a steady rise is no fluctuation"),
        pytest.param("val_loss[1:5]/fluctuation", 0.2 / 3**0.5, id="sd of -0.1, 0.1, -0.1, 0.1"),
        pytest.param("val_loss[9:11]", None, id="an epoch that was not trained"),
        pytest.param("val_loss[1:2]-[10:11]", None, id="an earlier epoch that was not trained"),
    ],
)
def test_values(name: str, value: float | None) -> None:
    metric = history_metric(name)
    assert metric and history_value(HISTORY, metric) == (None if value is None else pytest.approx(value, abs=1e-12))


def test_an_epoch_that_was_not_measured_has_no_value() -> None:
    metric = history_metric("val_loss[1:2]")
    assert metric and history_value([(1.0, 0.1, 0.9, 0.2, 0.9), (2.0, 0.1, 0.9, None, None)], metric) is None


def test_a_row_has_them_and_its_number_of_weights_of_each_run(sweep: Sweep) -> None:
    sweep.row("a", [0.9, 0.91])
    (row,) = read(sweep.save()).rows
    assert row.metric("train_loss[1:2]") == (0.375, 0.375)
    assert row.metric("val_loss[1:2]") == ()
    assert row.metric("parameters") == (537_354.0, 537_354.0)
