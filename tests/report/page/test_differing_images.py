"""The test images on which two rows differ, as parts of the sprite."""

from typing import Any

from mnist_sweeps.report.page.differing_images import differing_images, sprite

PREDICTIONS: dict[str, Any] = {
    "rows": [0, 2], "images": 100, "classes": list("0123456789"),
    "image": [7, 3, 90], "true": "412", "predicted": ["492", "417"], "differ": [[0, 5], [5, 0]],
    "shown": 3, "columns": 2, "ratio": 1.5, "sprite": "data:image/png;base64,",
}  # fmt: skip


def test_each_has_its_number_classes_and_part_of_the_sprite() -> None:
    assert differing_images(PREDICTIONS, 2, 0) == {
        "total": 5,
        "of": 100,
        "images": [
            {"number": 3, "view": "1 0 1 1.5", "true": "1", "row": "1", "other": "9"},
            {"number": 90, "view": "0 1.5 1 1.5", "true": "2", "row": "7", "other": "2"},
        ],
    }


def test_the_sprite_is_as_high_as_its_lines() -> None:
    assert sprite(PREDICTIONS) == {"uri": PREDICTIONS["sprite"], "width": 2, "height": "3"}


def test_rows_without_predictions_have_none() -> None:
    assert differing_images(PREDICTIONS, 1, 0) == differing_images(PREDICTIONS, 0, None) == {}
    assert differing_images({}, 0, 1) == sprite({}) == {}
