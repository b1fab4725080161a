"""The error of a configuration that cannot be trained, and its hint at the nearest allowed name."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Any


class ConfigError(Exception):
    """A configuration that cannot be trained; each line of the message names a key, its value and the way out."""


def nearest(name: str, allowed: list[str]) -> str:
    """The allowed names for a message, with the nearest one first where it looks like a typo."""
    close = get_close_matches(str(name), allowed, n=1)
    hint = f"did you mean {close[0]}? " if close else ""
    return f"{hint}allowed: {', '.join(sorted(allowed))}"


def written(value: Any) -> str:
    """A value for a message; text that looks like a number has its quotes: `'0.2'` is not `0.2`."""
    return repr(value) if isinstance(value, str) and _is_number(value) else str(value)


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
