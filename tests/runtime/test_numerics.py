"""Settings of the machine that would change numbers: a hostile home and environment change no byte of a history."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from mnist_sweeps.runtime import numerics

HOSTILE_KERAS = {"floatx": "float64", "epsilon": 0.01, "image_data_format": "channels_first", "backend": "torch"}
HOSTILE = {
    "JAX_ENABLE_X64": "1",
    "JAX_DEFAULT_MATMUL_PRECISION": "bfloat16",
    "JAX_DEFAULT_PRNG_IMPL": "rbg",
    "KERAS_MAX_EPOCHS": "1",
    "KERAS_MAX_STEPS_PER_EPOCH": "1",
    "TF_ENABLE_ONEDNN_OPTS": "0",
}
SMALL = ["data.train_size=120", "data.test_size=50", "training.epochs=2", "threads=1", "workers=1"]


def trained(folder: Path, words: list[str], environment: dict[str, str]) -> Path:
    """The run folder of one training with a separate environment."""
    folder.mkdir()
    command = [sys.executable, "-m", "mnist_sweeps", *SMALL, *words]
    home = {"KERAS_HOME": str(folder / "keras"), **environment}
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, env={**os.environ, **home})
    assert done.returncode == 0, done.stdout + done.stderr
    (run,) = folder.glob("outputs/run/*/seed-0")
    return run


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(["backend=jax", "model.hidden=[8]"], id="dense on jax"),
        pytest.param(
            ["backend=tensorflow", "engine=fit", "model=cnn_small"],
            id="convolutions on tensorflow by fit",
            marks=pytest.mark.slow,
        ),
    ],
)
def test_a_hostile_home_and_environment_change_no_byte(tmp_path: Path, words: list[str]) -> None:
    plain = trained(tmp_path / "plain", words, {})
    (tmp_path / "keras").mkdir()
    (tmp_path / "keras" / "keras.json").write_text(json.dumps(HOSTILE_KERAS))
    hostile = trained(tmp_path / "hostile", words, {**HOSTILE, "KERAS_HOME": str(tmp_path / "keras")})
    assert (hostile / "history.csv").read_bytes() == (plain / "history.csv").read_bytes()
    records = [json.loads((run / "run.json").read_text()) for run in (plain, hostile)]
    assert records[0]["metrics"] == records[1]["metrics"]
    assert records[0]["provenance"]["numerics"] == records[1]["provenance"]["numerics"]
    assert records[0]["provenance"]["numerics"]["floatx"] == "float32"


def test_what_is_removed_and_what_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "environ", {**HOSTILE, "JAX_PLATFORMS": "cpu", "KERAS_HOME": "/home", "XLA_FLAGS": "x"})
    numerics.clear_environment()
    assert os.environ == {
        "JAX_PLATFORMS": "cpu",
        "XLA_FLAGS": "x",
        "KERAS_HOME": str(numerics.KERAS_HOME),
        numerics.USERS_KERAS_HOME: "/home",
    }
    assert numerics.users_keras_home() == Path("/home")


def test_a_second_process_keeps_the_home_of_the_user(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "environ", {"KERAS_HOME": "/home"})
    numerics.clear_environment()
    numerics.clear_environment()
    assert numerics.users_keras_home() == Path("/home")


def test_flags_that_some_machines_need_are_recorded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XLA_FLAGS", "--xla_cpu_enable_fast_math=true")
    assert numerics.numerics()["XLA_FLAGS"] == "--xla_cpu_enable_fast_math=true"
