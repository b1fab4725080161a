"""The command from-keras: a sweep file of a model, printed or written."""

from pathlib import Path
from typing import Any

import keras
import pytest
import yaml

from mnist_sweeps.cli import keras_source
from mnist_sweeps.cli.keras_source import SequentialSource
from mnist_sweeps.cli.main import run_command
from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.planning import compose
from mnist_sweeps.planning.planner import plan
from mnist_sweeps.runtime import child

SETTINGS = {"model": {"hidden": [16], "activation": "tanh", "batch_norm": False, "dropout": 0.0}}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def answer(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the child process says; Path("net.keras") is there."""
    answer: dict[str, Any] = {"settings": SETTINGS, "inputs": 784, "classes": 10}
    monkeypatch.setattr(child, "ask", lambda module, content, environment: answer)
    Path("net.keras").touch()
    return answer


def test_the_yaml_is_printed(answer: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command("from-keras", ["net.keras"]) == 0
    printed = capsys.readouterr().out
    assert yaml.safe_load(printed)["common"] == SETTINGS
    assert "# The model is not compiled: optimizer and loss are the defaults." in printed


def test_the_file_is_a_sweep(answer: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command("from-keras", ["net.keras", "mine"]) == 0
    assert capsys.readouterr().out == "conf/sweep/mine.yaml\nnext: mnist-sweeps check sweep=mine\n"
    with compose.session():
        (row,) = plan(["sweep=mine"]).rows
    assert (row.config.model.hidden, row.config.model.activation) == ([16], "tanh")


def test_other_sizes_than_those_of_mnist_are_said(answer: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    answer |= {"inputs": 64, "classes": 26}
    run_command("from-keras", ["net.keras"])
    assert capsys.readouterr().out.splitlines()[:2] == [
        "# The model takes 64 values an image; the network takes what the images of `data` have.",
        "# The model has 26 classes; the network has those of `data`.",
    ]


def test_a_file_that_is_there_is_not_written_over(answer: dict[str, Any]) -> None:
    Path("conf/sweep").mkdir(parents=True)
    Path("conf/sweep/mine.yaml").write_text("mine")
    with pytest.raises(ConfigError, match="is in the way"):
        run_command("from-keras", ["net.keras", "mine"])


def test_what_has_no_words_is_said_with_the_source(answer: dict[str, Any]) -> None:
    answer["fault"] = "layer 0 (lstm, LSTM): no key describes it"
    with pytest.raises(ConfigError, match=r"^net.keras: layer 0 \(lstm, LSTM\)"):
        run_command("from-keras", ["net.keras"])


@pytest.mark.parametrize("source", ["net", "net:", "a-b:make", "other.keras", "module:make()"])
def test_a_source_that_is_neither_file_nor_function_is_refused(source: str) -> None:
    with pytest.raises(ConfigError, match=r"expected a file that Keras saved, like net.keras, or a function"):
        keras_source.read(source)


def test_a_function_of_the_working_directory_is_called(folder: Path) -> None:
    Path("own_models.py").write_text("def make():\n    return 'a model'\n")
    assert keras_source.load("own_models:make") == "a model"


@pytest.mark.slow
def test_a_saved_model_is_read_in_a_child_process() -> None:
    keras.Sequential([keras.Input((784,)), keras.layers.Dense(10, "softmax")]).save("net.keras")
    read = keras_source.read("net.keras")
    assert read == SequentialSource(read.settings, 784, 10)
    assert read.settings["model"]["hidden"] == []
    Path("own_models.py").write_text("print('noise')\ndef make():\n    return 'a model'\n")
    with pytest.raises(ConfigError, match=r"^own_models:make: str: expected a keras.Sequential"):
        keras_source.read("own_models:make")
