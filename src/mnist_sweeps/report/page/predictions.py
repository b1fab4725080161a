"""What rows predict for the test images: confusion matrices, and the images on which rows disagree."""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from mnist_sweeps.report.images import digits_of, majority, predicted
from mnist_sweeps.report.row import ReportRow

SHOWN = 240  # images on the page, 28 x 28 pixels with 16 greys: 30 kB
DISPUTED = 2000  # images whose predictions are on the page, for the counts
COLUMNS = 20  # images side by side in the sprite
SIDE = 28


def predictions(rows: Sequence[ReportRow]) -> dict[str, Any]:
    """Confusion matrices and disputed images of rows with the same test images; empty if these are not on this machine.

    `rows` are the places of the rows. `confusion` has their matrices: mean counts over the runs, true by predicted
    digit. `true` is a string of the true digits of the disputed images, `predicted` one such string for each row, by
    the majority of its runs; `image` has the number of each image in the test set. The first `shown` of them are in
    `sprite`, a PNG as a data URI, `columns` side by side. `errors` counts the test images that a row gets wrong,
    `differ` those on which two rows disagree.
    """
    tested = _same_images(rows)
    digits = digits_of(rows[tested[0]]) if tested else None
    if digits is None:
        return {}
    runs = {place: found for place in tested if (found := predicted(rows[place], len(digits.labels)))}
    if not runs:
        return {}
    majorities = np.stack([majority(found) for found in runs.values()])
    disputed = _disputed(majorities, digits.labels)
    shown = disputed[:SHOWN]
    return {
        "rows": list(runs),
        "images": len(digits.labels),
        "confusion": [_confusion(found, digits.labels) for found in runs.values()],
        "image": disputed.tolist(),
        "true": _word(digits.labels[disputed]),
        "predicted": [_word(row[disputed]) for row in majorities],
        "errors": (majorities != digits.labels).sum(axis=1).tolist(),
        "differ": (majorities[:, None] != majorities[None]).sum(axis=2).tolist(),
        "shown": len(shown),
        "columns": COLUMNS,
        "sprite": _sprite(digits.images[shown]) if len(shown) else "",
    }


def _same_images(rows: Sequence[ReportRow]) -> list[int]:
    """The places of the rows with the test images of the first one: others cannot be compared image by image."""
    data = [row.first(lambda run: run.config.get("data")) for row in rows]
    tests = [None if part is None else (part.get("name"), part.get("test_size")) for part in data]
    first = next((test for test in tests if test), None)
    return [place for place, test in enumerate(tests) if test == first and first]


def _disputed(majority: NDArray[np.uint8], labels: NDArray[np.uint8]) -> NDArray[np.intp]:
    """The images that a row gets wrong, those first on which wrong and right rows are balanced; at most `DISPUTED`."""
    wrong = (majority != labels).mean(axis=0)
    order = np.argsort(np.abs(wrong - 0.5), kind="stable")
    disputed: NDArray[np.intp] = order[wrong[order] > 0][:DISPUTED]
    return disputed


def _confusion(runs: Sequence[NDArray[np.uint8]], labels: NDArray[np.uint8]) -> list[list[float]]:
    counts = np.zeros((10, 10))
    for digits in runs:
        np.add.at(counts, (labels, digits), 1)
    return np.round(counts / len(runs), 1).tolist()  # type: ignore[no-any-return]


def _word(digits: NDArray[np.uint8]) -> str:
    return "".join(map(str, digits.tolist()))


def _sprite(images: NDArray[np.uint8]) -> str:
    """The images [n, 28, 28] in one picture, ink dark, as a data URI."""
    lines = -(-len(images) // COLUMNS)
    grid = np.zeros((lines * COLUMNS, SIDE, SIDE), dtype=np.uint8)
    grid[: len(images)] = images
    sheet = grid.reshape(lines, COLUMNS, SIDE, SIDE).swapaxes(1, 2).reshape(lines * SIDE, COLUMNS * SIDE)
    buffer = io.BytesIO()
    picture = Image.fromarray(15 - sheet // 16)
    picture.putpalette([17 * (level // 3) for level in range(48)])
    picture.save(buffer, "PNG", bits=4, optimize=True)
    return f"data:image/png;base64,{base64.b64encode(buffer.getvalue()).decode('ascii')}"
