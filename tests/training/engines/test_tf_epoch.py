"""TensorFlow adds up in an order that hangs on the graph: weights of two programs agree to a few last bits."""

from typing import Any

import pytest
from tests.training.measured import measured

ALL = [
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
]


def check(found: Any, tolerance: float, history: float = 1e-6) -> None:
    for name, one in found.items():
        assert one["weights"] <= tolerance, name
        assert one["history"] <= history, name
        assert one["again"] == 0, f"{name}: a seed after another is not the seed alone"
        assert len(set(one["kept_epoch"])) == 1, name


def test_a_graph_trains_as_fit_does() -> None:
    names = ["adam", "reduced learning rate", "convolutions", "mixed precision"]
    check(measured("engines", "float32", names, "tensorflow"), tolerance=1e-6)


@pytest.mark.slow
def test_a_graph_trains_as_fit_does_with_other_layers_and_losses() -> None:
    names = [
        "regularizers",
        "augmentation",
        "class weights",
        "layers as activations",
        "label smoothing",
        "squared error",
    ]
    # penalties of all weights are large, and Adam's constants are rounded, see `tf_adam`
    check(measured("engines", "float32", names, "tensorflow"), tolerance=1e-6, history=5e-6)


@pytest.mark.slow
def test_a_graph_trains_as_fit_does_with_normalizations_poolings_and_constraints() -> None:
    check(measured("engines", "float64", ["layers"], "tensorflow"), tolerance=1e-14)


@pytest.mark.slow
@pytest.mark.parametrize(("precision", "tolerance"), [("float32", 1e-6), ("float64", 1e-14)])
def test_a_graph_trains_as_fit_does_with_every_optimizer(precision: str, tolerance: float) -> None:
    check(measured("engines", precision, [*ALL, "convolutions"], "tensorflow"), tolerance)
