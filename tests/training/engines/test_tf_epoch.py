"""TensorFlow adds up in an order that hangs on the graph: weights of two programs agree to a few last bits."""

from typing import Any

import pytest
from tests.training.measured import OPTIMIZERS, check_engines, measured

ALL = [*OPTIMIZERS, "softmax", "early stopping"]


def check(found: Any, tolerance: float, history: float = 1e-6) -> None:
    check_engines(found, tolerance, tolerance, history)


def test_a_graph_trains_as_fit_does() -> None:
    check(measured("engines", "float32", ["adam", "convolutions"], "tensorflow"), tolerance=1e-6)


@pytest.mark.slow
def test_a_graph_trains_as_fit_does_with_other_layers_and_losses() -> None:
    names = [
        "reduced learning rate",
        "mixed precision",
        "regularizers",
        "augmentation",
        "class weights",
        "layers as activations",
        "label smoothing",
        "squared error",
        "residual",
    ]
    # penalties of all weights are large, and Adam's constants are rounded, see `tf_adam`
    check(measured("engines", "float32", names, "tensorflow"), tolerance=1e-6, history=5e-6)


@pytest.mark.slow
def test_a_graph_scales_the_loss_as_fit_does() -> None:
    found = measured("engines", "float32", ["loss scaling", "loss scaling, averages"], "tensorflow")
    check(found, tolerance=1e-5, history=1e-5)  # gradients are of float16, whose last bit is 5e-4 of a number


@pytest.mark.slow
def test_a_graph_trains_as_fit_does_with_normalizations_poolings_and_constraints() -> None:
    check(measured("engines", "float64", ["layers"], "tensorflow"), tolerance=1e-14)


@pytest.mark.slow
@pytest.mark.parametrize(("precision", "tolerance"), [("float32", 1e-6), ("float64", 1e-14)])
def test_a_graph_trains_as_fit_does_with_every_optimizer(precision: str, tolerance: float) -> None:
    check(measured("engines", precision, [*ALL, "convolutions"], "tensorflow"), tolerance)
