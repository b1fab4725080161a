import pytest

from mnist_sweeps.config.schema import EarlyStopping
from mnist_sweeps.training.callbacks import EpochRecorder, PruningThreshold, TimeLimit, best_epoch, stopping


@pytest.mark.parametrize(
    ("history", "epoch"), [({"val_accuracy": [0.5, 0.7, 0.7, 0.6]}, 2), ({"accuracy": [0.5]}, None)]
)
def test_the_best_epoch_is_the_first_with_the_highest_validation_accuracy(
    history: dict[str, list[float]], epoch: int | None
) -> None:
    assert best_epoch(history) == epoch


def test_an_epoch_that_several_share_is_divided_among_them(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter([10.0, 12.0])
    monkeypatch.setattr("mnist_sweeps.training.callbacks.time.perf_counter", lambda: next(clock))
    heard = []
    watch = EpochRecorder(lambda epoch, logs: heard.append((epoch, logs["loss"])), share=1 / 4)
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


class Model:
    stop_training = False


@pytest.mark.parametrize(
    ("accuracies", "pruned_at"),
    [
        pytest.param([0.6, 0.9, 0.1], None, id="beyond the floor nothing is asked"),
        pytest.param([0.6, 0.5, 0.1], 2, id="below in the second epoch"),
        pytest.param([0.9, 0.5, 0.1], None, id="the best so far counts"),
        pytest.param([0.5, 0.8, 0.1], None, id="as high is high enough"),
    ],
)
def test_a_training_ends_below_its_floor(accuracies: list[float], pruned_at: int | None) -> None:
    floor, model = PruningThreshold([0.5, 0.8]), Model()
    floor.set_model(model)
    for epoch, accuracy in enumerate(accuracies):
        if not model.stop_training:
            floor.on_epoch_end(epoch, {"val_accuracy": accuracy})
    assert floor.pruned_at == pruned_at
    assert model.stop_training == (pruned_at is not None)


@pytest.mark.parametrize(
    ("epochs", "ended_at"),
    [
        pytest.param([3, 4, 4, 1], 3, id="passed in the third epoch"),
        pytest.param([3, 4, 3, 1], None, id="passed in the last epoch"),
        pytest.param([2, 2, 2, 2], None, id="never passed"),
    ],
)
def test_a_training_ends_after_the_epoch_that_passes_its_time_limit(epochs: list[float], ended_at: int | None) -> None:
    recorder, model = EpochRecorder(lambda *_: None, 1), Model()
    limit = TimeLimit(10, len(epochs), recorder)
    limit.set_model(model)
    for epoch, seconds in enumerate(epochs):
        if not model.stop_training:
            recorder.seconds.append(seconds)
            limit.on_epoch_end(epoch)
    assert limit.ended_at == ended_at
    assert model.stop_training == (ended_at is not None)
