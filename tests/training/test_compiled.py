import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

QUICK = ["adam", "convolutions"]
DENSE = ["adam", "sgd", "nesterov", "rmsprop", "adadelta", "adamw", "decay", "softmax", "early stopping"]


def apart(precision: str, names: list[str]) -> Any:
    """How far the engines are apart for each network."""
    double = str(precision == "float64")
    environment = {**os.environ, "KERAS_BACKEND": "jax", "JAX_PLATFORMS": "cpu", "JAX_ENABLE_X64": double}
    command = [sys.executable, Path(__file__).with_name("equality.py"), precision, *names]
    child = subprocess.run(command, capture_output=True, text=True, env=environment)
    assert child.returncode == 0, child.stderr
    return json.loads(child.stdout.splitlines()[-1])


def check(found: Any, dense: float, convolutions: float) -> None:
    for name, one in found.items():
        assert one["weights"] <= (convolutions if name == "convolutions" else dense), name
        assert one["history"] <= 1e-6, name  # Keras sums its running averages in another order
        assert one["again"] == 0, f"{name}: a seed after another is not the seed alone"


def test_the_engines_are_equal() -> None:
    check(apart("float32", QUICK), dense=0, convolutions=1e-5)


@pytest.mark.slow
@pytest.mark.parametrize(("precision", "convolutions"), [("float32", 1e-5), ("float64", 1e-15)])
def test_the_engines_are_equal_for_every_optimizer(precision: str, convolutions: float) -> None:
    found = apart(precision, [*DENSE, "convolutions"])
    check(found, dense=0, convolutions=convolutions)
    assert found["early stopping"]["kept_epoch"] == [1, 1]  # of 9
