"""The page's own script: files by noun in `scripts/`, one after the other in one block."""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).parent / "scripts"
NAMES = (
    *("elements", "view", "table", "chosen", "chart"),
    *("curves", "violins", "labels", "costs", "confusion", "settings", "images"),
    *("depth", "live", "start"),
)


def script() -> str:
    """The files in the order of `NAMES`. The block keeps their names from those of the chart library."""
    files = [(FOLDER / f"{name}.js").read_text(encoding="utf-8") for name in NAMES]
    return "\n".join(['"use strict";', "{", *files, "}"])
