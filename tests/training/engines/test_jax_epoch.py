from typing import Any

import pytest
from tests.training.measured import measured

DENSE = [
    "adam",
    "sgd",
    "nesterov",
    "rmsprop",
    "adadelta",
    "adamw",
    "accumulation",
    "warm-up",
    "decay",
    "softmax",
    "early stopping",
    "layers as activations",
]
CONVOLUTIONS = ["convolutions", "regularizers", "layers"]


def check(found: Any, dense: float, convolutions: float) -> None:
    for name, one in found.items():
        assert one["weights"] <= (convolutions if name in CONVOLUTIONS else dense), name
        assert one["history"] <= 1e-6, name  # Keras sums its running averages in another order
        assert one["again"] == 0, f"{name}: a seed after another is not the seed alone"


def test_the_engines_are_equal() -> None:
    names = ["adam", "convolutions"]
    check(measured("engines", "float32", names), dense=0, convolutions=1e-5)


@pytest.mark.slow
def test_the_engines_are_equal_for_other_layers_and_losses() -> None:
    names = [
        "regularizers",
        "augmentation",
        "class weights",
        "reduced learning rate",
        "layers as activations",
        "label smoothing",
        "squared error",
    ]
    check(measured("engines", "float32", [*names, "mixed precision"]), dense=0, convolutions=1e-5)


@pytest.mark.slow
def test_the_engines_are_equal_for_normalizations_poolings_and_constraints() -> None:
    check(measured("engines", "float64", ["layers"]), dense=0, convolutions=1e-15)


@pytest.mark.slow
@pytest.mark.parametrize(("precision", "convolutions"), [("float32", 1e-5), ("float64", 1e-15)])
def test_the_engines_are_equal_for_every_optimizer(precision: str, convolutions: float) -> None:
    found = measured("engines", precision, [*DENSE, "convolutions"])
    check(found, dense=0, convolutions=convolutions)
    assert found["early stopping"]["kept_epoch"] == [1, 1]  # of 9
