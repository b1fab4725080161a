from typing import Any

import keras
import numpy as np
import pytest

from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.models import keras_objects
from mnist_sweeps.models.schedule import in_steps

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


def test_a_warm_up_rises_to_the_rate_and_the_decay_follows() -> None:
    made = keras_objects.optimizer(in_steps(scheduled(**COSINE, warmup="2 epochs"), 10))
    made.build([keras.Variable(np.zeros(1, np.float32))])
    rates = []
    for step in (0, 10, 20, 60, 100):
        made.iterations.assign(step)
        rates.append(float(made.learning_rate))
    assert rates == pytest.approx([0, 0.05, 0.1, 0.05, 0], abs=1e-7)


@pytest.mark.parametrize(
    ("schedule", "message"),
    [
        ({**COSINE, "decay_steps": "2 weeks"},
         "optimizer.learning_rate.decay_steps=2 weeks: expected a number, or a duration like 2 epochs or 500 steps"),
        ({"name": "exponential_decay", "warmup": "2 epochs"},
         "optimizer.learning_rate.warmup=20 steps: exponential_decay has no warm-up in Keras; only cosine_decay"),
        ({"name": "cosine_decay", "decay_steps": 9, "warmup": 5},
         "optimizer.learning_rate.warmup=5 steps: needs optimizer.learning_rate.initial_learning_rate, "
         "to which the rate rises"),
    ],
)  # fmt: skip
def test_what_no_schedule_has_is_refused(schedule: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError) as error:
        in_steps(scheduled(**schedule), 10)
    assert str(error.value) == message
