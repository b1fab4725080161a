from typing import Any

import keras
import numpy as np
import pytest

from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.models import keras_objects
from mnist_sweeps.models.schedule import in_steps, without_warm_up

COSINE = {"name": "cosine_decay", "initial_learning_rate": 0.1, "decay_steps": "8 epochs"}


def scheduled(**schedule: Any) -> dict[str, Any]:
    return {"name": "sgd", "learning_rate": schedule}


@pytest.mark.parametrize(
    ("duration", "steps"),
    [("2 epochs", 58), ("1 epoch", 29), ("0.5 epochs", 14), ("500 steps", 500), (40, 40), (["1 epoch", 40], [29, 40])],
)
def test_a_duration_is_a_number_of_steps(duration: Any, steps: Any) -> None:
    assert in_steps(scheduled(name="x", decay_steps=duration), 29) == scheduled(name="x", decay_steps=steps)


def test_an_epoch_has_fewer_updates_where_gradients_are_accumulated() -> None:
    optimizer = {**scheduled(**COSINE), "gradient_accumulation_steps": 4}
    assert in_steps(optimizer, 20)["learning_rate"]["decay_steps"] == 40


def test_a_number_as_learning_rate_stays() -> None:
    assert in_steps({"name": "sgd", "learning_rate": 0.1}, 29) == {"name": "sgd", "learning_rate": 0.1}


def rates_of(optimizer: keras.optimizers.Optimizer, *steps: int) -> list[float]:
    optimizer.build([keras.Variable(np.zeros(1, np.float32))])
    rates = []
    for step in steps:
        optimizer.iterations.assign(step)
        rates.append(float(optimizer.learning_rate))
    return rates


def test_a_warm_up_rises_to_the_rate_and_the_decay_follows() -> None:
    made = keras_objects.optimizer(in_steps(scheduled(**COSINE, warmup="2 epochs"), 10))
    assert rates_of(made, 0, 10, 20, 60, 100) == pytest.approx([0, 0.05, 0.1, 0.05, 0], abs=1e-7)
    assert made.get_config()["learning_rate"]["class_name"] == "CosineDecay"  # which has one itself


@pytest.mark.parametrize(
    ("schedule", "after"),
    [
        (
            {"name": "exponential_decay", "initial_learning_rate": 0.1, "decay_steps": "1 epoch", "decay_rate": 0.5},
            0.05,
        ),
        ({"name": "piecewise_constant_decay", "boundaries": [5], "values": [0.1, 0.02]}, 0.02),
    ],
)
def test_every_other_schedule_begins_after_a_warm_up(schedule: dict[str, Any], after: float) -> None:
    steps = in_steps(scheduled(**schedule, warmup="2 epochs"), 10)
    made = keras_objects.optimizer(steps)
    rates = [0, 0.05, 0.1, after]
    assert rates_of(made, 0, 10, 20, 30) == pytest.approx(rates)
    again = keras.optimizers.deserialize(keras.optimizers.serialize(made))
    assert rates_of(again, 0, 10, 20, 30) == pytest.approx(rates)
    assert rates_of(keras_objects.optimizer(without_warm_up(steps)), 0, 10) == pytest.approx([0.1, after])


@pytest.mark.parametrize(
    ("schedule", "message"),
    [
        ({**COSINE, "decay_steps": "2 weeks"},
         "optimizer.learning_rate.decay_steps=2 weeks: expected a number, or a duration like 2 epochs or 500 steps"),
        ({"name": "exponential_decay", "warmup": "0 epochs"},
         "optimizer.learning_rate.warmup=0 steps: expected at least one step"),
        ({"name": "cosine_decay", "decay_steps": 9, "warmup": 5},
         "optimizer.learning_rate.warmup=5 steps: needs optimizer.learning_rate.initial_learning_rate, "
         "to which the rate rises"),
    ],
)  # fmt: skip
def test_what_no_schedule_has_is_refused(schedule: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError) as error:
        in_steps(scheduled(**schedule), 10)
    assert str(error.value) == message
