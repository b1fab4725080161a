"""Calls `equality.py` in a separate process: the backend is fixed once a process, and so is its precision."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any


def measured(what: str, precision: str, names: list[str], backend: str = "jax") -> Any:
    """What `equality.py` measures for each network: `engines`, `together` or `bad`."""
    double = str(precision == "float64")
    environment = {**os.environ, "KERAS_BACKEND": backend, "JAX_PLATFORMS": "cpu", "JAX_ENABLE_X64": double}
    command = [sys.executable, Path(__file__).with_name("equality.py"), what, precision, *names]
    child = subprocess.run(command, capture_output=True, text=True, env=environment)
    assert child.returncode == 0, child.stderr
    return json.loads(child.stdout.splitlines()[-1])


OPTIMIZERS = [
    "sgd",
    "nesterov",
    "rmsprop",
    "adadelta",
    "adamw",
    "accumulation",
    "warm-up",
    "warm-up of a decay",
    "decay",
]
CONVOLUTIONS = ["convolutions", "regularizers", "layers", "residual"]


def check_engines(found: Any, dense: float, convolutions: float, history: float = 1e-6) -> None:
    """Asserts that a compiled engine trained each network as `fit` did, and a seed after another as alone.

    Args:
        found: What `measured("engines", ...)` gave.
        dense: Largest difference of weights.
        convolutions: The same for networks with convolutions.
        history: Largest difference of loss and accuracy; Keras sums its running averages in another order.
    """
    for name, one in found.items():
        assert one["weights"] <= (convolutions if name in CONVOLUTIONS else dense), name
        assert one["history"] <= history, name
        assert one["metrics"] <= history, name
        assert one["again"] == 0, f"{name}: a seed after another is not the seed alone"
        assert len(set(one["kept_epoch"])) == 1, name
