"""Write the YAML of a Keras Sequential model: a sweep file with its network, optimizer and loss."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator

import yaml

from mnist_sweeps.cli import keras_source, starter_files
from mnist_sweeps.cli.keras_source import SequentialSource

PIXELS, DIGITS = 28 * 28, 10


def add_arguments(parser: ArgumentParser) -> None:
    """Adds where the model is, and the name of the sweep."""
    parser.add_argument(
        "source", metavar="FILE.keras|module:function", help="a saved model, or a function that makes it"
    )
    parser.add_argument("name", nargs="?", metavar="NAME", help="write conf/sweep/NAME.yaml instead of printing it")


def run(arguments: Namespace) -> int:
    """0, once the YAML is printed or written.

    Raises:
        ConfigError: The model cannot be read, or has a layer or a setting that no key describes; or the name cannot be
            that of a sweep, or its file is there already.
    """
    files = starter_files.sweep(arguments.name) if arguments.name else {}  # a wrong name is refused before all work
    text = "\n".join(_lines(arguments.source, keras_source.read(arguments.source)))
    if not files:
        print(text)
        return 0
    starter_files.write(dict.fromkeys(files, f"{text}\n"))
    print(*files, sep="\n")
    print(f"next: mnist-sweeps check sweep={arguments.name}")
    return 0


def _lines(source: str, model: SequentialSource) -> Iterator[str]:
    """The sweep file: one variant with the settings of the model."""
    if model.inputs != PIXELS:
        yield f"# The model takes {model.inputs} values an image; the network takes what the images of `data` have."
    if model.classes != DIGITS:
        yield f"# The model has {model.classes} classes; the network has those of `data`."
    if "optimizer" not in model.settings:
        yield "# The model is not compiled: optimizer and loss are the defaults."
    content = {"question": f"What accuracy does the network of {source} reach?", "common": model.settings}
    yield yaml.safe_dump(content, default_flow_style=None, sort_keys=False, width=100, allow_unicode=True).rstrip()
