"""A training that goes on from its state is the one that never stopped, to the bit."""

import json
import os
import subprocess
import sys

import numpy as np
import pytest

from mnist_sweeps.training.training_state import TrainingState

QUICK = ("stops in epoch 3", "fit")
NAMES = ["dense", "stops in epoch 3", "stops in epoch 2", "plateau", "convolutions"]
OTHERS = [(name, engine) for name in NAMES for engine in ("fit", "compiled") if (name, engine) != QUICK]


def test_a_state_is_read_back_from_its_arrays() -> None:
    variables = [np.array([0.1, 2.0], np.float32), np.array(7, np.int64)]
    state = TrainingState(variables, {"loss": [0.1, float("nan")]}, [0.5, 0.6], True, {"EarlyStopping": {"best": None}})
    again = TrainingState.from_arrays(state.to_arrays())
    assert str(again) == str(state)
    assert [array.dtype for array in again.variables] == [np.float32, np.int64]
    assert again.epochs == 2


@pytest.mark.parametrize(
    ("name", "engine"), [QUICK, *(pytest.param(*other, marks=pytest.mark.slow) for other in OTHERS)]
)
def test_it_goes_on_as_if_it_had_not_stopped_on_tensorflow(name: str, engine: str) -> None:
    from tests.training.continued import differences

    assert differences(name, engine) == []


@pytest.mark.slow
def test_it_goes_on_as_if_it_had_not_stopped_on_jax() -> None:
    environment = {**os.environ, "KERAS_BACKEND": "jax"}
    command = [sys.executable, "-m", "tests.training.continued"]
    child = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert child.returncode == 0, child.stderr
    found = json.loads(child.stdout.splitlines()[-1])
    assert len(found) == 2 * len(NAMES)
    assert {name: keys for name, keys in found.items() if keys} == {}
