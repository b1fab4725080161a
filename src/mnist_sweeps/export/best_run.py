"""The run whose model is exported: the best by validation."""

from __future__ import annotations

from pathlib import Path

from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.storage import run_folder
from mnist_sweeps.storage.run_record import RunRecord
from mnist_sweeps.storage.sweep_file import read_sweep_file


def best(folder: Path) -> tuple[Path, RunRecord]:
    """The run with the highest validation accuracy (of its fold, where it left one out), and its record.

    Test accuracy chooses only where a sweep validates on the test set, and the card says so.

    Raises:
        ConfigError: There is no sweep in `folder`, nothing was held out to choose by, or the run's model was not kept
            or is damaged.
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
    if names := run_folder.damaged(path):
        raise ConfigError(f"export {folder}: {path.name} of {record.variant} is damaged: {', '.join(names)}")
    return path, record


def name(record: RunRecord) -> str:
    """Variant and run in words: `no dropout, seed 3`."""
    return f"{record.variant}, {record.key}"


def chosen_by(record: RunRecord) -> str:
    """`validation 98.10%`, or of the fold; and that it is flattered, where the test set chose."""
    return f"{measure(record)} {record.validation_accuracy:.2%}{flattered(record)}"


def measure(record: RunRecord) -> str:
    """What the accuracy was measured on by which the run was chosen: `validation` or `fold`."""
    return "validation" if record.fold is None else "fold"


def flattered(record: RunRecord) -> str:
    """The end of a sentence on the choice, where the test set chose; else empty."""
    on_test = record.validated_on == "test"
    return "; it was validated on the test set, which flatters its test accuracy" if on_test else ""
