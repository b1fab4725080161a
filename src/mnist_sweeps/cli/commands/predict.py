"""Recognize the handwritten digits, or other classes, in pictures, with an exported model."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from functools import partial
from pathlib import Path

import numpy as np
from prettytable import PrettyTable

from mnist_sweeps.data.mnist import DIGIT_NAMES
from mnist_sweeps.data.picture import read_digit, read_image
from mnist_sweeps.export import recognized
from mnist_sweeps.export.predict import probabilities


def add_arguments(parser: ArgumentParser) -> None:
    """Adds the folder of the export, and the pictures."""
    parser.add_argument(
        "folder", type=Path, metavar="EXPORT", help="folder of an export, like outputs/quickstart/export"
    )
    parser.add_argument(
        "pictures",
        nargs="+",
        type=Path,
        metavar="PICTURE",
        help="PNG, JPEG, ... of one digit on plain paper: 28 x 28 pixels are taken as they are, any other size is "
        "scaled and centred as MNIST's digits were; for a model of other images only scaled to their size",
    )


def run(arguments: Namespace) -> int:
    """Always 0, once the table of digits and probabilities is printed.

    Raises:
        ConfigError: There is no exported model, or a file shows no digit.
    """
    known = recognized.read(arguments.folder)
    read = read_digit if known.is_mnist else partial(read_image, height=known.height, width=known.width)
    images = np.stack([read(path) for path in arguments.pictures])
    kind = "Digit" if known.classes == DIGIT_NAMES else "Class"
    table = PrettyTable(["Picture", kind, *(f"{name} %" for name in known.classes)], align="r")
    table.align["Picture"] = "l"
    for path, row in zip(arguments.pictures, probabilities(arguments.folder, images), strict=True):
        table.add_row([str(path), known.classes[row.argmax()], *(f"{share:.1f}" for share in 100 * row)])
    print(table)
    return 0
