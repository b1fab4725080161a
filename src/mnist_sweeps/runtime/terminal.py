"""Standard output and standard error that take any text, in whatever encoding the terminal has."""

from __future__ import annotations

import codecs
import os
import sys
from io import TextIOWrapper

ERRORS = "mnist_sweeps.plain"  # name of the error handler
PLAIN = {
    "·": "-",
    "±": "+-",
    "…": "...",
    "–": "-",
    "—": "-",
    "’": "'",
    "×": "x",
    "≥": ">=",
    "≤": "<=",
    "━": "-",
    "•": "*",
}


def plain_characters(error: UnicodeError) -> tuple[str, int]:
    """What is printed instead of characters that the encoding does not have: `+-` for `±`, `?` for an unknown one.

    An error handler, see `codecs.register_error`.
    """
    if not isinstance(error, UnicodeEncodeError):
        raise error
    characters = error.object[error.start : error.end]
    return "".join(PLAIN.get(character, "?") for character in characters), error.end


def take_any_text() -> None:
    """From now on no text that this process prints raises an error of its encoding."""
    codecs.register_error(ERRORS, plain_characters)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors=ERRORS)


def drop_output() -> None:
    """From now on what goes to standard output is dropped: its reader has ended, as in `mnist-sweeps ... | head`."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)
