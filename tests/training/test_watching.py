import pytest

from mnist_sweeps.config import EarlyStopping
from mnist_sweeps.training.watching import Watch, best_epoch, stopping


@pytest.mark.parametrize(
    ("history", "epoch"), [({"val_accuracy": [0.5, 0.7, 0.7, 0.6]}, 2), ({"accuracy": [0.5]}, None)]
)
def test_the_best_epoch_is_the_first_with_the_highest_validation_accuracy(
    history: dict[str, list[float]], epoch: int | None
) -> None:
    assert best_epoch(history) == epoch


def test_an_epoch_that_several_share_is_divided_among_them(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter([10.0, 12.0])
    monkeypatch.setattr("mnist_sweeps.training.watching.time.perf_counter", lambda: next(clock))
    heard = []
    watch = Watch(lambda epoch, logs: heard.append((epoch, logs["loss"])), share=1 / 4)
    watch.on_epoch_begin(0)
    watch.on_epoch_end(0, {"loss": 0.5})
    assert watch.seconds == [0.5]
    assert heard == [(1, 0.5)]


@pytest.mark.parametrize(
    ("monitor", "better"), [("val_loss", 0.1), ("val_accuracy", 0.9), ("loss", 0.1), ("accuracy", 0.9)]
)
def test_stopping_knows_which_way_is_better(monitor: str, better: float) -> None:
    (callback,) = stopping(EarlyStopping(monitor=monitor, patience=2))
    callback._set_monitor_op()
    assert callback.monitor_op(better, 0.5)


def test_no_stopping_without_a_patience() -> None:
    assert stopping(EarlyStopping()) == []
