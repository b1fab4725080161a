"""Folder names: short, unique, and safe on every file system, whatever the variant is called."""

from __future__ import annotations

import re
from collections.abc import Iterable
from hashlib import sha256

LIMIT = 80  # bytes
RESERVED = {
    "export",
    "figures",
    "sweep.yaml",
    "histories.csv",
    "claims.csv",
    *(f"report.{kind}" for kind in ("txt", "md", "csv", "html")),
}


def slug(name: str) -> str:
    """`name` as one folder name of at most 80 bytes: letters, digits and `=,.+-_`; anything else becomes a dash."""
    plain = re.sub(r"-{2,}", "-", re.sub(r"[^\w=,.+-]+", "-", name)).strip("-.") or "variant"
    return plain if len(plain.encode()) <= LIMIT else _marked(plain, name)


def folders(names: Iterable[str]) -> dict[str, str]:
    """A folder for each name; one that could be taken for another, or for a file of the sweep's own, gets a hash."""
    chosen: dict[str, str] = {}
    taken = set(RESERVED)
    for name in names:
        folder = slug(name)
        if folder.casefold() in taken:
            folder = _marked(folder, name)
        taken.add(folder.casefold())
        chosen[name] = folder
    return chosen


def _marked(plain: str, name: str) -> str:
    mark = "-" + sha256(name.encode()).hexdigest()[:8]
    return plain.encode()[: LIMIT - len(mark)].decode(errors="ignore") + mark
