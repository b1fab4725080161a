"""Pictures of a sweep's folder that the page does not draw itself, as data URIs."""

from __future__ import annotations

import base64
from pathlib import Path

from mnist_sweeps.report.load import Report
from mnist_sweeps.report.wording import listed

ROOM = 2**20  # bytes: with the charts and their library, the page of the quickstart stays below 2 MB
OVERVIEW = ("cell_means", "depth")
OF_A_ROW = ("inputs", "pixel_importance", "activation_boxes", "activation_scatter")
START, END = b"\x89PNG\r\n\x1a\n", b"IEND\xaeB`\x82"

Picture = tuple[str, str]  # title, data URI


def pictures(report: Report) -> tuple[dict[str, list[Picture]], str]:
    """The pictures of the sweep (under "") and of its rows by name, and which folders are left out for their size."""
    folders: list[tuple[str, Path, tuple[str, ...]]] = [("", report.folder, OVERVIEW)]
    folders += [(row.name, row.folder, OF_A_ROW) for row in report.rows if row.same_as is None]
    included: dict[str, list[Picture]] = {}
    left_out: list[str] = []
    room = ROOM
    for name, folder, stems in folders:
        drawn = {stem: content for stem in stems if (content := _png(folder / "figures" / f"{stem}.png"))}
        size = sum(map(len, drawn.values()))
        if size > room:
            left_out.append(f"{folder.name}/figures")
        elif drawn:
            room -= size
            included[name] = [(stem.replace("_", " "), _uri(png)) for stem, png in drawn.items()]
    return included, f"Pictures not on this page, because of its size: {listed(left_out)}." if left_out else ""


def _png(path: Path) -> bytes:
    """The bytes of the file; empty if it is not a complete PNG."""
    try:
        content = path.read_bytes()
    except OSError:
        return b""
    return content if content.startswith(START) and content.endswith(END) else b""


def _uri(png: bytes) -> str:
    return f"data:image/png;base64,{base64.b64encode(png).decode('ascii')}"
