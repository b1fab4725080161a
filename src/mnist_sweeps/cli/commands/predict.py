"""Recognize the handwritten digits in pictures, with an exported model."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

import numpy as np
from prettytable import PrettyTable

from mnist_sweeps.data.picture import read_digit
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
        "scaled and centred as MNIST's digits were",
    )


def run(arguments: Namespace) -> int:
    """Always 0, once the table of digits and probabilities is printed.

    Raises:
        ConfigError: There is no exported model, or a file shows no digit.
    """
    digits = np.stack([read_digit(path) for path in arguments.pictures])
    table = PrettyTable(["Picture", "Digit", *(f"{digit} %" for digit in range(10))], align="r")
    table.align["Picture"] = "l"
    for path, row in zip(arguments.pictures, probabilities(arguments.folder, digits), strict=True):
        table.add_row([str(path), row.argmax(), *(f"{share:.1f}" for share in 100 * row)])
    print(table)
    return 0
