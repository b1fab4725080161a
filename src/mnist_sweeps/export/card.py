"""The model card: what the model takes and gives, how accurate it is on which images, and where it comes from.

Written as Hugging Face reads it: Markdown with a YAML head (https://huggingface.co/docs/hub/model-cards).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import yaml

from mnist_sweeps import report, stats
from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.config.schema import restore
from mnist_sweeps.data import dataset, preprocessing
from mnist_sweeps.data.mnist import DIGIT_NAMES
from mnist_sweeps.export.best_run import flattered, measure, name
from mnist_sweeps.export.exported import Exported
from mnist_sweeps.export.formats import FORMATS, TOLERANCE
from mnist_sweeps.report.wording import counted
from mnist_sweeps.storage.run_record import RunRecord

# Of each data set on the Hugging Face Hub: its test images are in that split of ylecun/mnist.
SPLITS = {"mnist": "test", "mnist5k": "train"}
KERAS_DATASETS = {"mnist": "mnist", "mnist5k": "mnist", "fashion_mnist": "fashion_mnist"}


def card(sweep: Path, run: Path, record: RunRecord, exported: Exported) -> str:
    """The text of README.md.

    Args:
        sweep: The folder of the sweep.
        run: The folder of the exported run.
        record: Its record.
        exported: What was measured of the exported files.
    """
    row = next(row for row in report.read(sweep).rows if row.folder == run.parent)
    provenance = record.provenance
    height, width, classes = exported.height, exported.width, _classes(record)
    lines = [
        "---",
        _yaml(_head(record, exported)),
        "---",
        f"# {name(record)}",
        "",
        f"Recognizes {_subject(record)}: the run of `{record.sweep}` with the highest {measure(record)} accuracy; "
        f"chosen by {measure(record)} alone{flattered(record)}.",
        "",
        "## Input and output",
        f"- input: images of shape `(n, {height}, {width})`, uint8 or float, raw: 0 is the background, 255 the ink; "
        "not divided by 255",
        f"- preprocessing: {_preprocessing(record, exported)}",
        f"- output: `(n, {len(classes)})`, the probabilities of {_outputs(classes)}",
        "",
        "```python",
        "import keras",
        "",
        'model = keras.saving.load_model("model.keras")  # Keras alone; compiled, so that evaluate() works',
        *_example(record),
        "loss, accuracy = model.evaluate(images, labels)",
        "digits = model.predict(images).argmax(axis=1)",
        "```",
        "",
        "## Files",
        "- `model.keras`: Keras's own format",
        *(_file(format_name, exported) for format_name in exported.differences),
        "",
        "## Accuracy",
        *_accuracy(record, exported),
        f"- {measure(record)} accuracy {record.validation_accuracy:.2%}",
        f"- test accuracy of its row: {_interval(row)}",
        f"- on new digits, nets trained like these: {_on_new_digits(row, record)}",
        f"- data: {record.data}",
        f"- {record.parameters:,} parameters of the network, {record.metrics['epochs_run']} epochs",
        "",
        "## Where it comes from",
        f"- sweep `{record.sweep}`, variant `{record.variant}`, {record.key}",
        f"- command: `{provenance['command']}`",
        f"- versions: {', '.join(f'{package} {version}' for package, version in provenance['versions'].items())}",
        "",
        "### Configuration",
        *_block(record.config),
        "### Effective, read back from the built network",
        *_block(record.effective),
        "### Provenance",
        *_block(provenance),
    ]
    return "\n".join(lines) + "\n"


def _head(record: RunRecord, exported: Exported) -> dict[str, Any]:
    """The metadata that Hugging Face reads; a result only where the test images were there to measure it."""
    head: dict[str, Any] = {
        "library_name": "keras",
        "pipeline_tag": "image-classification",
        "tags": ["mnist", "mnist-sweeps", *exported.differences],
        "metrics": ["accuracy"],
    }
    data_name = restore(record.config).data.name
    if data_name not in SPLITS:
        return head
    head["datasets"] = ["ylecun/mnist"]
    if exported.accuracy is None:
        return head
    data = {"name": data_name, "type": "ylecun/mnist", "split": SPLITS[data_name]}
    measured = [
        {"type": "accuracy", "name": "Test accuracy", "value": round(exported.accuracy, 6)},
        {"type": "loss", "name": "Test loss", "value": round(exported.loss or 0.0, 6)},
    ]
    result = {"task": {"type": "image-classification"}, "dataset": data, "metrics": measured}
    return {**head, "model-index": [{"name": name(record), "results": [result]}]}


def _classes(record: RunRecord) -> tuple[str, ...]:
    return (record.counts and record.counts.classes) or DIGIT_NAMES


def _subject(record: RunRecord) -> str:
    classes = _classes(record)
    return "handwritten digits" if classes == DIGIT_NAMES else f"the {len(classes)} classes of its data"


def _outputs(classes: tuple[str, ...]) -> str:
    return "the digits 0 to 9" if classes == DIGIT_NAMES else f"the classes {', '.join(classes)}"


def _example(record: RunRecord) -> list[str]:
    """Lines of Python that make `images` and `labels`."""
    keras_name = KERAS_DATASETS.get(restore(record.config).data.name)
    if keras_name is None:
        return ["images, labels = ...  # the test images of its data"]
    return [f"(_, _), (images, labels) = keras.datasets.{keras_name}.load_data()"]


def _preprocessing(record: RunRecord, exported: Exported) -> str:
    spec = record.config["preprocessing"]
    keywords = ", ".join(f"{key}: {value}" for key, value in preprocessing.keywords(spec).items())
    layers = ", ".join(f"`{layer}`" for layer in exported.layers)
    settings = f"`{spec['name']}`" + (f" ({keywords})" if keywords else "")
    return f"{settings}, part of the model as its layers {layers}; the network gets {exported.inputs} numbers an image"


def _accuracy(record: RunRecord, exported: Exported) -> list[str]:
    """What was measured of the exported file, or what the run measured itself."""
    if exported.accuracy is None:
        return [
            f"- test accuracy {record.metrics['test_accuracy']:.2%}, test loss {record.metrics['test_loss']:.4f}: of "
            f"the run; not measured of the exported file, since its test images are not here ({exported.missing})"
        ]
    return [
        f"- test accuracy {exported.accuracy:.2%}, test loss {exported.loss:.4f}: `model.keras` on the "
        f"{exported.images:,} raw test images of {record.counts.name if record.counts else 'the data'}; "
        f"{exported.changed:,} of them predicted otherwise than by the run"
    ]


def _file(format_name: str, exported: Exported) -> str:
    kind, difference = FORMATS[format_name], exported.differences[format_name]
    which = "test images" if exported.accuracy is not None else "digits"
    return (
        f"- `{kind.file}`: {kind.title}, input float32; its probabilities differ from Keras's by {difference:.1e} at "
        f"most on {exported.images:,} {which} (allowed: {TOLERANCE:.0e})"
    )


def _on_new_digits(row: report.ReportRow, record: RunRecord) -> str:
    """The 95 % interval over other images and other seeds, from which images each run of the row got right."""
    try:
        labels = dataset.load(restore(record.config).data).test.labels
    except ConfigError as error:
        return f"not known here: {error}"
    paths = [row.folder / run.folder / "predictions.npz" for run in row.finished]
    right = np.array([np.load(path, allow_pickle=False)["predicted"] == labels for path in paths])
    if len(right) == 1:
        low, high = stats.wilson_interval(float(right.mean()), len(labels))
        return f"{low:.2%} to {high:.2%} (95 %; of images alone: one run says nothing of other seeds)"
    low, high = stats.new_digits_interval(right)
    return f"{low:.2%} to {high:.2%} (95 %, images and seeds both drawn)"


def _interval(row: report.ReportRow) -> str:
    accuracy = row.accuracy
    assert accuracy is not None and accuracy.low is not None and accuracy.high is not None  # it has a completed run
    interval = "95 % interval" if accuracy.n > 1 else "95 % band of the noise law"
    return (
        f"{accuracy.mean:.2%} over {counted(accuracy.n, 'run')}, {interval} {accuracy.low:.2%} to {accuracy.high:.2%}"
    )


def _block(content: dict[str, Any]) -> list[str]:
    return ["```yaml", _yaml(content), "```"]


def _yaml(content: dict[str, Any]) -> str:
    return yaml.safe_dump(content, sort_keys=False, allow_unicode=True).rstrip()
