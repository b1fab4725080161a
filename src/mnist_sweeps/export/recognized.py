"""What an exported model recognizes: the size of its images and the names of its classes."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from mnist_sweeps.data.mnist import DIGIT_NAMES
from mnist_sweeps.storage import atomic
from mnist_sweeps.storage.run_record import RunRecord

NAME = "classes.json"


@dataclass(frozen=True)
class Recognized:
    """Height and width of an image in pixels, and the names of the outputs in their order."""

    height: int = 28
    width: int = 28
    classes: tuple[str, ...] = DIGIT_NAMES

    @property
    def is_mnist(self) -> bool:
        """Whether it takes images like MNIST's, and says digits."""
        return self == Recognized()


def recognized(record: RunRecord, shape: tuple[int, int]) -> Recognized:
    """What a run's network recognizes.

    Args:
        record: The run.
        shape: Of one raw image.
    """
    return Recognized(*shape, (record.counts and record.counts.classes) or DIGIT_NAMES)


def write(folder: Path, content: Recognized) -> None:
    """Writes classes.json; nothing for a model of MNIST's digits.

    Args:
        folder: That of the export.
        content: What its model recognizes.
    """
    if not content.is_mnist:
        atomic.write(folder / NAME, json.dumps(asdict(content)) + "\n")


def read(folder: Path) -> Recognized:
    """What the model in the folder of an export recognizes; MNIST's digits where it has no classes.json."""
    path = folder / NAME
    if not path.exists():
        return Recognized()
    content = json.loads(path.read_text("utf-8"))
    return Recognized(int(content["height"]), int(content["width"]), tuple(map(str, content["classes"])))
