"""Digits of one's own, recognized by an exported model: a real one, whose weights are set by hand."""

from pathlib import Path

import keras
import numpy as np
import pytest
from PIL import Image

from mnist_sweeps.cli.main import run_command
from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.export import recognized


def save_model(folder: Path, shape: tuple[int, ...]) -> None:
    """It recognizes how many of the first rows of pixels are white, whatever the rest is."""
    folder.mkdir(parents=True)
    kernel = np.zeros((28, 28, 10), np.float32)
    for digit in range(10):
        kernel[digit, :, digit] = 1
    model = keras.Sequential(
        [keras.Input(shape), keras.layers.Flatten(), keras.layers.Dense(10, activation="softmax", name="output")]
    )
    model.get_layer("output").set_weights([kernel.reshape(784, 10), np.zeros(10, np.float32)])
    model.save(folder / "model.keras")


def test_digit_and_probabilities_are_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    save_model(tmp_path / "export", (28, 28))
    for digit in (3, 8):
        pixels = np.zeros((28, 28), np.uint8)
        pixels[digit, 5:10] = 255
        Image.fromarray(pixels).save(tmp_path / f"{digit}.png")
    assert run_command("predict", [str(tmp_path / n) for n in ("export", "3.png", "8.png")]) == 0
    lines = [[cell.strip() for cell in line.split("|")[1:-1]] for line in capsys.readouterr().out.splitlines()[3:-1]]
    expected = ["0.0"] * 10
    for line, digit in zip(lines, (3, 8), strict=True):
        assert line[:2] == [str(tmp_path / f"{digit}.png"), str(digit)]
        assert line[2:] == [*expected[:digit], "100.0", *expected[digit + 1 :]]


@pytest.mark.slow
def test_a_model_that_takes_no_raw_digits_is_refused(tmp_path: Path) -> None:
    save_model(tmp_path / "export", (784,))
    Image.new("L", (28, 28)).save(tmp_path / "digit.png")
    with pytest.raises(ConfigError, match=r"takes inputs of \(784,\), not raw images of \(28, 28\); export it again"):
        run_command("predict", [str(tmp_path / "export"), str(tmp_path / "digit.png")])


def test_the_folder_of_a_sweep_leads_to_its_export(tmp_path: Path) -> None:
    Image.new("L", (28, 28)).save(tmp_path / "digit.png")
    words = [str(tmp_path), str(tmp_path / "digit.png")]
    with pytest.raises(ConfigError, match=r"there is no model\.keras; write it with mnist-sweeps export DIR"):
        run_command("predict", words)
    (tmp_path / "export").mkdir()
    (tmp_path / "export" / "model.keras").touch()
    with pytest.raises(ConfigError, match=r"there is no model\.keras; did you mean .*/export\?"):
        run_command("predict", words)


@pytest.mark.slow
def test_a_model_of_other_images_says_the_names_of_its_classes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "export"
    folder.mkdir()
    model = keras.Sequential([keras.Input((4, 6)), keras.layers.Flatten(), keras.layers.Dense(2, "softmax", name="o")])
    model.get_layer("o").set_weights([np.full((24, 2), [0, 1.0]), np.array([6.0, 0])])
    model.save(folder / "model.keras")
    recognized.write(folder, recognized.Recognized(4, 6, ("dark", "bright")))
    Image.fromarray(np.full((8, 12), 200, np.uint8)).save(tmp_path / "a.png")
    assert run_command("predict", [str(folder), str(tmp_path / "a.png")]) == 0
    out = capsys.readouterr().out
    assert "bright %" in out.splitlines()[1]
    assert out.splitlines()[3].split("|")[2].strip() == "bright"
