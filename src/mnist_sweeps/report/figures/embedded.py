"""The pictures of a sweep's folder, packed into a page."""

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
    """The pictures of one folder, (title, base64 of a png) each; `anchor` is the place in the page."""

    anchor: str
    name: str
    pictures: tuple[tuple[str, str], ...]


def albums(report: Report) -> tuple[list[Album], list[str]]:
    """The albums of the sweep and of its rows, and the folders for whose pictures the page has no room."""
    folders = [("all", "All rows", report.folder / "figures")]
    own = [(i, row) for i, row in enumerate(report.rows) if row.same_as is None]
    folders += [(f"row-{i}", row.name, row.folder / "figures") for i, row in own]
    found: list[Album] = []
    left: list[str] = []
    room = ROOM
    for anchor, name, folder in folders:
        drawn = {path.stem: content for path in sorted(folder.glob("*.png"), key=_place) if (content := _png(path))}
        size = sum(map(len, drawn.values()))
        if size > room:
            left.append(str(folder.relative_to(report.folder)))
        elif drawn:
            room -= size
            found.append(Album(anchor, name, tuple((_title(stem), _packed(png)) for stem, png in drawn.items())))
    return found, left


def _png(path: Path) -> bytes:
    """The picture's bytes, none where the file is no whole png."""
    try:
        content = path.read_bytes()
    except OSError:
        return b""
    return content if content.startswith(START) and content.endswith(END) else b""


def _place(path: Path) -> tuple[int, str]:
    """Training first, what came of it, what went in, the network; pictures of other kinds last, by name."""
    return (FIRST.index(path.stem) if path.stem in FIRST else len(FIRST), path.stem)


def _title(stem: str) -> str:
    return stem.replace("_", " ")


def _packed(png: bytes) -> str:
    return base64.b64encode(png).decode("ascii")
