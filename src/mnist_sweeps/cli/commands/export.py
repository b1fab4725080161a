"""Write the best model by validation accuracy, with a model card, to DIR/export."""

from __future__ import annotations

import shutil
from argparse import ArgumentParser, Namespace
from pathlib import Path

import numpy as np
import yaml

from mnist_sweeps import report, stats
from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.config.schema import restore
from mnist_sweeps.data import dataset
from mnist_sweeps.report.wording import counted
from mnist_sweeps.storage import atomic, run_folder
from mnist_sweeps.storage.run_record import RunRecord
from mnist_sweeps.storage.sweep_file import read_sweep_file


def add_arguments(parser: ArgumentParser) -> None:
    """Adds the sweep's folder."""
    parser.add_argument("folder", type=Path, metavar="DIR", help="folder of a sweep, like outputs/quickstart")


def run(arguments: Namespace) -> int:
    """0, once DIR/export/model.keras and card.md are written.

    Raises:
        ConfigError: There is no sweep, nothing was held out to choose by, or no model was kept.
    """
    folder: Path = arguments.folder
    path, record = best(folder)
    target = folder / "export"
    target.mkdir(exist_ok=True)
    shutil.copyfile(path / "model.keras", target / "model.keras")
    atomic.write(target / "card.md", _card(folder, path, record))
    print(f"{target}: {_name(record)}, {_chosen_by(record)}")
    return 0


def best(folder: Path) -> tuple[Path, RunRecord]:
    """The run with the highest validation accuracy (of its fold, where it left one out), and its record.

    Test accuracy chooses only where a sweep validates on the test set, and the card says so.

    Raises:
        ConfigError: no sweep there, nothing was held out to choose by, or its model was not kept.
    """
    try:
        plan = read_sweep_file(folder)
    except (OSError, ValueError) as error:
        raise ConfigError(f"export {folder}: {error}") from error
    paths = [run_folder.folder_of(folder / variant.folder, run) for variant in plan.variants for run in variant.runs]
    records = {path: record for path in paths if (record := run_folder.read(path)) and record.completed}
    scored = [
        (record.validation_accuracy, path, record)
        for path, record in records.items()
        if record.validation_accuracy is not None
    ]
    if not scored:
        raise ConfigError(
            f"export {folder}: no completed run with a validation to choose by; hold images out: data.validation=0.1"
        )
    _, path, record = max(scored, key=lambda candidate: candidate[0])
    if not (path / run_folder.MODEL).exists():
        raise ConfigError(
            f"export {folder}: {path.name} of {record.variant} kept no model; train with keep_models=best or all"
        )
    return path, record


def _name(record: RunRecord) -> str:
    return f"{record.variant}, {record.key}"


def _chosen_by(record: RunRecord) -> str:
    """`validation 98.10%`, or of the fold; and that it is flattered, where the test set chose."""
    kind = "validation" if record.fold is None else "fold"
    return f"{kind} {record.validation_accuracy:.2%}{_flattered(record)}"


def _flattered(record: RunRecord) -> str:
    on_test = record.validated_on == "test"
    return "; it was validated on the test set, which flatters its test accuracy" if on_test else ""


def _card(folder: Path, run: Path, record: RunRecord) -> str:
    row = next(row for row in report.read(folder).rows if row.folder == run.parent)
    metrics, kind = record.metrics, "validation" if record.fold is None else "fold"
    lines = [
        f"# {_name(record)}",
        "",
        f"The run of `{record.sweep}` with the highest {kind} accuracy; chosen by {kind} alone{_flattered(record)}.",
        "",
        f"- data: {record.data}; scores on {record.n_test:,} test images",
        f"- {kind} accuracy {record.validation_accuracy:.2%}",
        f"- test accuracy {metrics['test_accuracy']:.2%}, test loss {metrics['test_loss']:.4f}",
        f"- test accuracy of its row: {_interval(row)}",
        f"- on new digits, nets trained like these: {_on_new_digits(row, record)}",
        f"- {record.parameters:,} parameters, {metrics['epochs_run']} epochs",
        "",
        "## Configuration",
        "```yaml",
        yaml.safe_dump(record.config, sort_keys=False).rstrip(),
        "```",
        "## Effective, read back from the built model",
        "```yaml",
        yaml.safe_dump(record.effective, sort_keys=False).rstrip(),
        "```",
        "## Provenance",
        "```yaml",
        yaml.safe_dump(record.provenance, sort_keys=False).rstrip(),
        "```",
        "",
        'Load it with `keras.saving.load_model("model.keras", safe_mode=True)`.',
    ]
    return "\n".join(lines) + "\n"


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
