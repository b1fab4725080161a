import pytest
from tests.training.measured import OPTIMIZERS, check_engines, measured

SCALED = ["loss scaling", "loss scaling, averages"]
DENSE = ["adam", *OPTIMIZERS, "softmax", "early stopping", "layers as activations"]


def test_the_engines_are_equal() -> None:
    check_engines(measured("engines", "float32", ["adam"]), dense=0, convolutions=1e-5)


@pytest.mark.slow
def test_the_engines_are_equal_for_convolutions() -> None:
    check_engines(measured("engines", "float32", ["convolutions"]), dense=0, convolutions=1e-5)


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
        "residual",
    ]
    check_engines(measured("engines", "float32", [*names, "mixed precision", *SCALED]), dense=0, convolutions=1e-5)


@pytest.mark.slow
def test_the_engines_are_equal_for_normalizations_poolings_and_constraints() -> None:
    check_engines(measured("engines", "float64", ["layers"]), dense=0, convolutions=1e-15)


@pytest.mark.slow
@pytest.mark.parametrize(("precision", "convolutions"), [("float32", 1e-5), ("float64", 1e-15)])
def test_the_engines_are_equal_for_every_optimizer(precision: str, convolutions: float) -> None:
    found = measured("engines", precision, [*DENSE, "convolutions"])
    check_engines(found, dense=0, convolutions=convolutions)
    assert found["early stopping"]["kept_epoch"] == [1, 1]  # of 9
