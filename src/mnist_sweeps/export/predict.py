"""What an exported model makes of images, asked in a child process: Keras prints and takes its time there."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.export import keras_process
from mnist_sweeps.runtime import child
from mnist_sweeps.storage.run_folder import MODEL


def probabilities(folder: Path, images: NDArray[np.uint8]) -> NDArray[np.float64]:
    """The probabilities [n, classes].

    Args:
        folder: What `mnist-sweeps export` has written.
        images: Images [n, height, width], from 0 to 255.

    Raises:
        ConfigError: There is no exported model in `folder`, or one that does not take such images.
    """
    path = folder / MODEL
    if not path.is_file():
        inside = folder / "export"
        way_out = f"did you mean {inside}?" if (inside / MODEL).is_file() else "write it with mnist-sweeps export DIR"
        raise ConfigError(f"predict {folder}: there is no {MODEL}; {way_out}")
    answer = child.ask(__name__, {"model": str(path.resolve()), "images": images.tolist()})
    if "fault" in answer:
        raise ConfigError(f"predict {folder}: {answer['fault']}")
    return np.array(answer["probabilities"])


def main() -> None:
    """The child: the model's path and images as JSON in, probabilities as JSON out."""
    request = json.load(sys.stdin)
    keras_process.start("auto")
    import keras

    try:
        model = keras.saving.load_model(request["model"], safe_mode=True)
    except (OSError, ValueError, TypeError) as error:
        reason = next(iter(str(error).splitlines()), "")
        print(json.dumps({"fault": f"{MODEL} cannot be loaded: {reason}"}))
        return
    images = np.array(request["images"], np.uint8)
    if model.input_shape[1:] != images.shape[1:]:
        shape = model.input_shape[1:]
        print(
            json.dumps(
                {"fault": f"its model takes inputs of {shape}, not raw images of {images.shape[1:]}; export it again"}
            )
        )
        return
    print(json.dumps({"probabilities": model.predict(images, verbose=0).tolist()}))


if __name__ == "__main__":
    main()
