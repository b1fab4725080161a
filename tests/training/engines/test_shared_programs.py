"""Programs of equal networks are shared; see `equality.py`, which trains in a process on JAX."""

from typing import Any

import pytest
from tests.training.measured import measured

NAMES = ["softmax"]
OTHERS = [
    "layers as activations",
    "decay",
    "convolutions",
    "sgd",
    "nesterov",
    "rmsprop",
    "adadelta",
    "adamw",
    "adam",
    "early stopping",
]


def check(found: Any) -> None:
    for name, one in found.items():
        assert one["programs"] == [1, 1], name
        assert one["weights"] == 0 and one["equal"], name
        assert one["learning_rate"] and one["initializers"], name


def test_a_variant_trains_by_the_programs_of_an_equal_network_as_by_its_own() -> None:
    check(measured("shared", "float32", NAMES))


@pytest.mark.slow
def test_so_it_does_with_every_optimizer() -> None:
    check(measured("shared", "float32", OTHERS))
