"""A figure as a PNG or SVG file that is complete or absent."""

from __future__ import annotations

import io
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mnist_sweeps.storage import atomic

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FORMATS = ("png", "svg")


def save(figure: Figure | None, path: Path) -> None:
    """Writes a figure in its own resolution, in place of an earlier one.

    Args:
        figure: None removes the file.
        path: A file that ends in .png or .svg; its folder is made where it is missing.

    Raises:
        OSError: As `atomic.write` does.
    """
    if figure is None:
        path.unlink(missing_ok=True)
        return
    # Variants are named in any script; what the font lacks is drawn as a box, and the tables have the full name.
    warnings.filterwarnings("ignore", "Glyph .* missing from font", UserWarning)
    content = _svg(figure) if path.suffix == ".svg" else _png(figure)
    path.parent.mkdir(exist_ok=True)
    atomic.write(path, content)


def _png(figure: Figure) -> bytes:
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    buffer = io.BytesIO()
    canvas: Any = FigureCanvasAgg(figure)
    canvas.print_png(buffer)  # `savefig` draws everything twice
    return buffer.getvalue()


def _svg(figure: Figure) -> bytes:
    """Text stays text, and the same figure gives the same bytes."""
    from matplotlib import rc_context

    buffer = io.BytesIO()
    with rc_context({"svg.fonttype": "none", "svg.hashsalt": "mnist-sweeps"}):
        figure.savefig(buffer, format="svg", metadata={"Date": None})
    return buffer.getvalue()
