"""Parts of a run's record: its error, the images it was given, the seconds it took."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class RunError:
    """Why a run has no result."""

    type: str = ""
    message: str = ""
    traceback: str = ""

    @property
    def sentence(self) -> str:
        """Its first line: `ValueError: no such layer`."""
        lines = self.message.strip().splitlines()
        words = ": ".join(part for part in (self.type, lines[0] if lines else "") if part)
        return words.encode("utf-8", "replace").decode("utf-8")  # a file name in it may be no text


@dataclass(frozen=True)
class ImageCounts:
    """Numbers of images, and what the validation is: `none`, `test`, `held out`, or `fold` (the fold left out)."""

    name: str | None = None  # of the data set
    train: int | None = None
    validation: int | None = None
    test: int | None = None
    validation_is: str = "none"
    description: str | None = None
    fold: int | None = None
    classes: tuple[str, ...] | None = None  # their names; None: the digits 0 to 9
    largest_class: int | None = None  # test images of the most frequent class; None in older runs


@dataclass(frozen=True)
class RunSeconds:
    """Seconds of the whole run, of its training, and of each epoch."""

    train: float | None = None
    epochs: tuple[float, ...] = ()
    total: float | None = None
