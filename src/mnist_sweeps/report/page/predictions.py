"""What rows predict for the test images: confusion matrices, and the images on which rows disagree."""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from mnist_sweeps.report.images import classes_of, digits_of, majority, predicted, tested_on
from mnist_sweeps.report.row import ReportRow

SHOWN = 240  # images on the page, of 28 x 28 pixels with 16 greys: 30 kB
DISPUTED = 2000  # images whose predictions are on the page, for the counts
COLUMNS = 20  # images side by side in the sprite


def predictions(rows: Sequence[ReportRow]) -> dict[str, Any]:
    """Confusion matrices and disputed images of rows with the same test images; empty if these are not on this machine.

    `rows` are the places of the rows. `confusion` has their matrices: mean counts over the runs, true by predicted
    label; `classes` names the labels. `true` has the true labels of the disputed images, `predicted` a list of labels
    for each row, by the majority of its runs (both as text where labels are single digits); `image` has the number of
    each image in the test set. The first `shown` of them are in `sprite`, a PNG as a data URI, `columns` side by side,
    each `ratio` times as high as wide. `errors` counts the test images that a row gets wrong, `differ` those on which
    two rows disagree.
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
    shown, classes = disputed[:SHOWN], list(classes_of(rows[tested[0]]))
    return {
        "rows": list(runs),
        "images": len(digits.labels),
        "classes": classes,
        "confusion": [_confusion(found, digits.labels, len(classes)) for found in runs.values()],
        "image": disputed.tolist(),
        "true": _compact(digits.labels[disputed], len(classes)),
        "predicted": [_compact(row[disputed], len(classes)) for row in majorities],
        "errors": (majorities != digits.labels).sum(axis=1).tolist(),
        "differ": (majorities[:, None] != majorities[None]).sum(axis=2).tolist(),
        "shown": len(shown),
        "columns": COLUMNS,
        "ratio": digits.images.shape[1] / digits.images.shape[2],
        "sprite": _sprite(digits.images[shown]) if len(shown) else "",
    }


def _same_images(rows: Sequence[ReportRow]) -> list[int]:
    """The places of the rows with the test images of the first one: others cannot be compared image by image."""
    tests = [tested_on(row) for row in rows]
    first = next((test for test in tests if test), None)
    return [place for place, test in enumerate(tests) if test == first and first]


def _disputed(majority: NDArray[np.uint8], labels: NDArray[np.uint8]) -> NDArray[np.intp]:
    """The images that a row gets wrong, those first on which wrong and right rows are balanced; at most `DISPUTED`."""
    wrong = (majority != labels).mean(axis=0)
    order = np.argsort(np.abs(wrong - 0.5), kind="stable")
    disputed: NDArray[np.intp] = order[wrong[order] > 0][:DISPUTED]
    return disputed


def _confusion(runs: Sequence[NDArray[np.uint8]], labels: NDArray[np.uint8], classes: int) -> list[list[float]]:
    counts = np.zeros((classes, classes))
    for digits in runs:
        np.add.at(counts, (labels, digits), 1)
    return np.round(counts / len(runs), 1).tolist()  # type: ignore[no-any-return]


def _compact(labels: NDArray[np.uint8], classes: int) -> str | list[int]:
    """The labels, as text where each is one digit: a third of the size."""
    return "".join(map(str, labels.tolist())) if classes <= 10 else labels.tolist()


def _sprite(images: NDArray[np.uint8]) -> str:
    """The images [n, height, width] in one picture, ink dark, as a data URI."""
    lines = -(-len(images) // COLUMNS)
    height, width = images.shape[1:]
    grid = np.zeros((lines * COLUMNS, height, width), dtype=np.uint8)
    grid[: len(images)] = images
    sheet = grid.reshape(lines, COLUMNS, height, width).swapaxes(1, 2).reshape(lines * height, COLUMNS * width)
    buffer = io.BytesIO()
    picture = Image.fromarray(15 - sheet // 16)
    picture.putpalette([17 * (level // 3) for level in range(48)])
    picture.save(buffer, "PNG", bits=4, optimize=True)
    return f"data:image/png;base64,{base64.b64encode(buffer.getvalue()).decode('ascii')}"
