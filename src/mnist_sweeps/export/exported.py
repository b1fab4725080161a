"""The exported model, written and measured in a child process: its Keras takes the backend that the run was trained on.

What is measured is the file: it is loaded again, and gets raw digits.
"""

from __future__ import annotations

import json
import math
import sys
from dataclasses import asdict, dataclass, field, replace
from importlib.util import find_spec
from math import prod
from pathlib import Path
from typing import TYPE_CHECKING

from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.config.schema import restore
from mnist_sweeps.data import dataset
from mnist_sweeps.data.mnist import Digits
from mnist_sweeps.export import keras_process, recognized, run_arrays
from mnist_sweeps.export.formats import BATCH, convert
from mnist_sweeps.runtime import child
from mnist_sweeps.storage import run_folder
from mnist_sweeps.storage.run_record import RunRecord

if TYPE_CHECKING:
    import keras

CHANGED = 1e-3  # the largest share of test images whose prediction rounding errors may change


@dataclass(frozen=True)
class Exported:
    """What was measured of the exported files.

    `accuracy` and `loss` are of `images` test images, `changed` of which are predicted otherwise than by the run. They
    are None where the data are not on this machine; `missing` says why, and `images` counts those that the run kept.
    `layers` are those before the network, which gets `inputs` numbers an image. `differences` has the largest
    difference of each format from Keras.
    """

    layers: list[str]
    inputs: int
    images: int
    accuracy: float | None = None
    loss: float | None = None
    changed: int | None = None
    missing: str | None = None
    differences: dict[str, float] = field(default_factory=dict)
    height: int = 28  # of a raw image, in pixels
    width: int = 28


def export(run: Path, target: Path, formats: list[str]) -> Exported:
    """As `write` does, in a child process.

    Args:
        run: The folder of a completed run that kept its model.
        target: The folder that is written to, which exists.
        formats: Keys of `FORMATS`.

    Raises:
        ConfigError: As `write` does.
    """
    request = {"run": str(run.resolve()), "target": str(target.resolve()), "formats": formats}
    answer = child.ask(__name__, request, {"TMPDIR": str(target.resolve())})
    if "fault" in answer:
        raise ConfigError(answer["fault"])
    return Exported(**answer)


def main() -> None:
    """The child: a request as JSON in, what was measured or the fault as JSON out."""
    request = json.load(sys.stdin)
    try:
        answer = asdict(write(Path(request["run"]), Path(request["target"]), request["formats"]))
    except ConfigError as error:
        answer = {"fault": str(error)}
    print(json.dumps(answer))


def write(run: Path, target: Path, formats: list[str]) -> Exported:
    """Writes model.keras and a file for each of the formats, and measures them.

    Args:
        run: The folder of a completed run that kept its model.
        target: The folder that is written to, which exists.
        formats: Keys of `FORMATS`.

    Raises:
        ConfigError: The model cannot be built or converted, or does not predict what the run did.
    """
    record = run_folder.read(run)
    assert record is not None
    config = restore(record.config)
    keras_process.start(_backend(record, formats))
    import keras

    from mnist_sweeps.models import precision
    from mnist_sweeps.models.preprocessing_layers import with_preprocessing
    from mnist_sweeps.models.schedule import in_steps

    network = keras.saving.load_model(run / run_folder.MODEL, safe_mode=True)
    size = run_arrays.image_size(run)
    epoch_steps = math.ceil((record.n_train or 1) / config.training.batch_size)
    config = replace(config, optimizer=in_steps(config.optimizer, epoch_steps))
    model = with_preprocessing(network, config, run_arrays.learned(run, config, record), size)
    recognized.write(target, recognized.recognized(record, size))
    layers = [layer.name for layer in model.layers if layer is not network and layer not in network.layers]
    inputs = prod(network.input_shape[1:])
    model.save(target / run_folder.MODEL)
    model = keras.saving.load_model(target / run_folder.MODEL, safe_mode=True)
    try:
        test = dataset.load(config.data).test
    except ConfigError as error:
        images = run_arrays.arrays(run, "preprocessing")["digit"]
        measured = Exported(layers, inputs, len(images), missing=str(error))
    else:
        images = test.images
        measured = _measured(model, test, Exported(layers, inputs, len(images)), run)
    full = precision.in_full(model)
    expected = full.predict(images, batch_size=BATCH, verbose=0)
    differences = {name: convert(name, full, target, images, expected) for name in formats}
    return replace(measured, differences=differences, height=size[0], width=size[1])


def _backend(record: RunRecord, formats: list[str]) -> str:
    """TensorFlow, which Keras converts from; without formats the backend of the run, where it is installed."""
    trained_on = str(record.provenance["backend"])
    return "tensorflow" if formats else trained_on if find_spec(trained_on) else "auto"


def _measured(model: keras.Model, test: Digits, exported: Exported, run: Path) -> Exported:
    """With what the model makes of the raw test images.

    Raises:
        ConfigError: It is not what the run predicted.
    """
    loss, accuracy = model.evaluate(test.images, test.labels, batch_size=BATCH, verbose=0)
    predicted = model.predict(test.images, batch_size=BATCH, verbose=0).argmax(axis=1)
    changed = int((predicted != run_arrays.arrays(run, "predictions")["predicted"]).sum())
    if changed > max(1, CHANGED * len(predicted)):
        raise ConfigError(
            f"export: the model predicts {changed:,} of {len(predicted):,} test images otherwise than {run.name} did; "
            "train the run again with this version"
        )
    return replace(exported, accuracy=accuracy, loss=loss, changed=changed)


if __name__ == "__main__":
    main()
