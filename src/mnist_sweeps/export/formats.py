"""Formats other than Keras's: ONNX and TFLite (LiteRT), each by the converter that Keras calls."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mnist_sweeps.config.errors import ConfigError

if TYPE_CHECKING:
    import keras

BATCH = 1000  # images; bounds the memory of convolutions
OPSET = 18  # of ONNX; the newest that tf2onnx 1.17 writes
TOLERANCE = 1e-5  # between the probabilities of a converted model and of Keras
Images = NDArray[np.float32]  # [n, 28, 28], from 0 to 255
Probabilities = NDArray[np.float32]  # [n, 10]


@dataclass(frozen=True)
class Format:
    """A format: its file, the packages that write and check it, and how to write it and to predict with it."""

    file: str
    title: str
    packages: tuple[str, ...]
    write: Callable[[keras.Model, Path], None]
    predict: Callable[[Path, Images], Probabilities]


def require(names: Iterable[str]) -> None:
    """Checks that the packages of the formats are installed.

    Raises:
        ConfigError: One is not; the message names the extra that brings it.
    """
    for name in names:
        for package in ("tensorflow", *FORMATS[name].packages):
            if find_spec(package) is None:
                raise ConfigError(
                    f"export --{name}: {package} is not installed; pip install 'mnist-sweeps[{name}]' installs it"
                )


def _write_onnx(model: keras.Model, path: Path) -> None:
    import onnx

    model.export(path, format="onnx", opset_version=OPSET, verbose=False)
    onnx.checker.check_model(str(path))  # tf2onnx writes a file with unknown operators where it cannot convert one


def _predict_onnx(path: Path, images: Images) -> Probabilities:
    import onnxruntime

    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    probabilities: Probabilities = session.run(None, {session.get_inputs()[0].name: images})[0]
    return probabilities


def _write_tflite(model: keras.Model, path: Path) -> None:
    model.export(path, format="litert", verbose=False)


def _predict_tflite(path: Path, images: Images) -> Probabilities:
    from ai_edge_litert.interpreter import Interpreter

    predict = Interpreter(str(path)).get_signature_runner()
    (probabilities,) = predict(**{next(iter(predict.get_input_details())): images}).values()
    return np.asarray(probabilities)


FORMATS = {
    "onnx": Format(
        "model.onnx", f"ONNX, opset {OPSET}", ("onnx", "tf2onnx", "onnxruntime"), _write_onnx, _predict_onnx
    ),
    "tflite": Format("model.tflite", "TFLite (LiteRT)", ("ai_edge_litert",), _write_tflite, _predict_tflite),
}


def convert(
    name: str, model: keras.Model, target: Path, images: NDArray[np.uint8], expected: NDArray[np.float32]
) -> float:
    """The largest difference of a model's probabilities in a format from Keras's, once it is written.

    Args:
        name: A key of `FORMATS`.
        model: With its preprocessing.
        target: The folder that is written to.
        images: Raw ones.
        expected: What Keras's model makes of them.

    Raises:
        ConfigError: The converter does not know a layer, or the difference is above `TOLERANCE`.
    """
    path = target / FORMATS[name].file
    try:
        FORMATS[name].write(model, path)
        batches = [images[start : start + BATCH].astype(np.float32) for start in range(0, len(images), BATCH)]
        probabilities = np.concatenate([FORMATS[name].predict(path, batch) for batch in batches])
    except Exception as error:  # converters and runtimes have exceptions of their own, without a common base
        reason = next(iter(str(error).splitlines()), type(error).__name__)
        raise ConfigError(f"export --{name}: the network cannot be converted: {reason}") from error
    difference = float(np.abs(probabilities - expected).max())
    if not difference <= TOLERANCE:
        raise ConfigError(f"export --{name}: probabilities differ by {difference:.1e} from those of Keras")
    return difference
