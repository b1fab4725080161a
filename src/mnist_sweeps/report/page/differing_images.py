"""The test images on which two rows differ, as parts of the page's sprite."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from typing import Any

SHOWN = 24  # images


def differing_images(predictions: Mapping[str, Any], row: int, other: int | None) -> dict[str, Any]:
    """`total`, of how many test images (`of`), and the first `images` among them; empty without predictions of both.

    Each image has its number in the test set, the names of three classes (`true`, `row`, `other`), and `view`, its part
    of the sprite in the unit of `sprite`, as the viewBox of an SVG image.

    Args:
        predictions: The content of `predictions.predictions`, with the places of rows in the report.
        row: The place of a row.
        other: The place of the row it is compared with.
    """
    rows = predictions.get("rows", [])
    if row not in rows or other not in rows:
        return {}
    one, two = rows.index(row), rows.index(other)
    mine, theirs = predictions["predicted"][one], predictions["predicted"][two]
    differing = (i for i in range(predictions["shown"]) if mine[i] != theirs[i])
    return {
        "total": predictions["differ"][one][two],
        "of": predictions["images"],
        "images": [
            {
                "number": predictions["image"][i],
                "view": _view(predictions, i),
                **{
                    key: predictions["classes"][int(labels[i])]
                    for key, labels in (("true", predictions["true"]), ("row", mine), ("other", theirs))
                },
            }
            for i in islice(differing, SHOWN)
        ],
    }


def sprite(predictions: Mapping[str, Any]) -> dict[str, Any]:
    """The picture of all images with its size; the unit is the width of an image. Empty without images."""
    if not predictions.get("sprite"):
        return {}
    lines = -(-predictions["shown"] // predictions["columns"])
    return {
        "uri": predictions["sprite"],
        "width": predictions["columns"],
        "height": f"{lines * predictions['ratio']:g}",
    }


def _view(predictions: Mapping[str, Any], place: int) -> str:
    line, column = divmod(place, predictions["columns"])
    ratio = predictions["ratio"]
    return f"{column} {line * ratio:g} 1 {ratio:g}"
