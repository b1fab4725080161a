"""Write the best model by validation accuracy, with its preprocessing and a model card, to DIR/export."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from mnist_sweeps.export import best_run, exported, formats, recognized
from mnist_sweeps.export.card import card
from mnist_sweeps.storage import atomic, run_folder
from mnist_sweeps.storage.scratch import scratch_folder

CARDS = ("README.md", "card.md")  # as Hugging Face names it, and as version 0.1 did
FILES = (run_folder.MODEL, *(kind.file for kind in formats.FORMATS.values()), recognized.NAME, *CARDS)


def add_arguments(parser: ArgumentParser) -> None:
    """Adds the sweep's folder, and an option for each other format than Keras's."""
    parser.add_argument("folder", type=Path, metavar="DIR", help="folder of a sweep, like outputs/quickstart")
    for name, kind in formats.FORMATS.items():
        needs = f"pip install 'mnist-sweeps[{name}]'"
        parser.add_argument(f"--{name}", action="store_true", help=f"write {kind.file}, too: {kind.title}; {needs}")


def run(arguments: Namespace) -> int:
    """0, once the files of DIR/export are those of the best model; after an error they are as they were.

    Raises:
        ConfigError: There is no sweep, nothing was held out to choose by, no model was kept, a package for a format is
            not installed, or the model cannot be built or converted.
    """
    folder: Path = arguments.folder
    chosen = [name for name in formats.FORMATS if getattr(arguments, name)]
    formats.require(chosen)
    path, record = best_run.best(folder)
    with scratch_folder(folder) as scratch:
        measured = exported.export(path, scratch, chosen)
        text = card(folder, path, record, measured)
        for name in CARDS:
            atomic.write(scratch / name, text)
        _replace(scratch, folder / "export")
    print(f"{folder / 'export'}: {best_run.name(record)}, {best_run.chosen_by(record)}")
    return 0


def _replace(new: Path, target: Path) -> None:
    """Moves the files of an export to its folder; those of an earlier export that it does not have are removed."""
    target.mkdir(exist_ok=True)
    for name in FILES:
        if (new / name).exists():
            atomic.sync(new / name)
            (new / name).replace(target / name)
        else:
            (target / name).unlink(missing_ok=True)
    atomic.sync(target)
