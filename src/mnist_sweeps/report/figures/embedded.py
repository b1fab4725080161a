"""The figures of a sweep's folder, embedded in the page."""

import base64
from dataclasses import dataclass
from pathlib import Path

from mnist_sweeps.report.load import Report

ROOM = 64 * 2**20  # bytes: 100 rows; beyond, browsers take seconds to open the page
FIRST = (
    "curves", "confusion", "confused_pair", "errors", "activation_boxes", "activation_scatter",
    "inputs", "pixel_importance", "weights", "batch_norm", "network",
)  # fmt: skip
START, END = b"\x89PNG\r\n\x1a\n", b"IEND\xaeB`\x82"


@dataclass(frozen=True)
class Album:
    """The figures of one folder, each a title and a base64-encoded PNG; `anchor` is the id of their section."""

    anchor: str
    name: str
    pictures: tuple[tuple[str, str], ...]


def albums(report: Report) -> tuple[list[Album], list[str]]:
    """The albums of the sweep and of its rows, and the folders whose figures exceed the size limit of the page."""
    folders = [("all", "All rows", report.folder / "figures")]
    unique_rows = [(i, row) for i, row in enumerate(report.rows) if row.same_as is None]
    folders += [(f"row-{i}", row.name, row.folder / "figures") for i, row in unique_rows]
    included: list[Album] = []
    omitted: list[str] = []
    room = ROOM
    for anchor, name, folder in folders:
        drawn = {path.stem: content for path in sorted(folder.glob("*.png"), key=_place) if (content := _png(path))}
        size = sum(map(len, drawn.values()))
        if size > room:
            omitted.append(str(folder.relative_to(report.folder)))
        elif drawn:
            room -= size
            included.append(Album(anchor, name, tuple((_title(stem), _packed(png)) for stem, png in drawn.items())))
    return included, omitted


def _png(path: Path) -> bytes:
    """The bytes of the file; empty if it is not a complete PNG."""
    try:
        content = path.read_bytes()
    except OSError:
        return b""
    return content if content.startswith(START) and content.endswith(END) else b""


def _place(path: Path) -> tuple[int, str]:
    """Sort key of a figure: the order of `FIRST`, then all others by name."""
    return (FIRST.index(path.stem) if path.stem in FIRST else len(FIRST), path.stem)


def _title(stem: str) -> str:
    return stem.replace("_", " ")


def _packed(png: bytes) -> str:
    return base64.b64encode(png).decode("ascii")
