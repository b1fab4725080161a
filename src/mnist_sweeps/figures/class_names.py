"""The names of classes: the digits, unless the images show something else."""

from collections.abc import Sequence

DIGITS = tuple("0123456789")


def word(classes: Sequence[str]) -> str:
    """What an axis calls a class: `digit` where the classes are the ten digits, else `class`."""
    return "digit" if tuple(classes) == DIGITS else "class"
