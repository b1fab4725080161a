"""What a process has after it was configured for a machine, and what comes with Keras."""

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from typing import Any

import keras
import pytest

from mnist_sweeps.runtime import keras_backend
from mnist_sweeps.runtime.device import Machine

ENTER = """
import json, os, sys
from mnist_sweeps.runtime.device import Machine
from mnist_sweeps.runtime.keras_backend import configure_process
configure_process(Machine(*json.loads(sys.argv[1])))
found = {"environment": dict(os.environ), "modules": [name for name in ("tensorflow", "jax") if sys.modules.get(name)]}
if sys.modules.get("tensorflow"):
    import tensorflow as tf
    threading = tf.config.threading
    found["threads"] = [threading.get_intra_op_parallelism_threads(), threading.get_inter_op_parallelism_threads()]
print(json.dumps(found))
"""


def entered(machine: list[Any], **environment: str) -> dict[str, Any]:
    """What a fresh process finds after it entered the machine."""
    unset = {name: value for name, value in os.environ.items() if name not in ("CUDA_VISIBLE_DEVICES", "JAX_PLATFORMS")}
    child = subprocess.run(
        [sys.executable, "-c", ENTER, json.dumps(machine)],
        capture_output=True, text=True, check=True, env={**unset, "KERAS_BACKEND": "torch", **environment},
    )  # fmt: skip
    found: dict[str, Any] = json.loads(child.stdout.splitlines()[-1])
    return found


@pytest.mark.skipif(not find_spec("tensorflow"), reason="TensorFlow is not installed")
def test_enter_fixes_the_threads_of_tensorflow() -> None:
    found = entered(["tensorflow", "cpu", 3])
    assert found["threads"] == [3, 3]
    assert found["environment"]["KERAS_BACKEND"] == "tensorflow"
    assert found["environment"]["CUDA_VISIBLE_DEVICES"] == "-1"
    assert found["modules"] == ["tensorflow"]  # not JAX: 0.5 s


def test_enter_fixes_jax_by_its_environment() -> None:
    found = entered(["jax", "cpu", 3])
    expected = {"KERAS_BACKEND": "jax", "CUDA_VISIBLE_DEVICES": "-1", "JAX_PLATFORMS": "cpu", "NPROC": "3"}
    assert expected.items() <= found["environment"].items()
    assert found["modules"] == []


@pytest.mark.parametrize(
    "configured",
    [
        pytest.param("", id="numpy", marks=pytest.mark.slow),
        pytest.param("keras_backend.configure_process(device.Machine('tensorflow', 'cpu', 1))", id="tensorflow"),
    ],
)
def test_keras_comes_without_what_nothing_uses_and_the_rest_imports_as_ever(configured: str) -> None:
    code = f"""
import sys
from mnist_sweeps.runtime import device, keras_backend
{configured}
keras_backend.import_keras()
print(sorted({{"sklearn", "matplotlib", "pandas"}} & sys.modules.keys()))
import sklearn.decomposition, matplotlib.figure, pandas
"""
    environment = {**os.environ, "KERAS_BACKEND": "numpy"}
    child = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment)
    assert child.returncode == 0, child.stderr
    assert child.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize(
    ("visible", "index", "seen"),
    [
        pytest.param({}, 1, "1", id="all"),
        pytest.param({"CUDA_VISIBLE_DEVICES": "2,5"}, 1, "5", id="among those that are left to us"),
    ],
)
def test_enter_shows_one_gpu(visible: dict[str, str], index: int, seen: str) -> None:
    environment = entered(["jax", f"gpu:{index}", 1], **visible)["environment"]
    assert environment["CUDA_VISIBLE_DEVICES"] == seen
    assert "JAX_PLATFORMS" not in environment


def test_a_living_keras_cannot_change_its_backend(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NPROC", "1")  # the threads of the first call
    before = dict(os.environ)
    other = "jax" if keras.backend.backend() == "tensorflow" else "tensorflow"
    keras_backend.configure_process(Machine(keras.backend.backend(), "cpu", 1))
    with pytest.raises(RuntimeError, match=f"{other} needs a separate process"):
        keras_backend.configure_process(Machine(other, "cpu", 1))
    assert dict(os.environ) == before
