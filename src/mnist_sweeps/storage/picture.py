"""A figure as a PNG file that is complete or absent."""

from __future__ import annotations

import io
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mnist_sweeps.storage import atomic

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def save(figure: Figure | None, path: Path) -> None:
    """Writes a figure in its own resolution, in place of an earlier one.

    Args:
        figure: None removes the file.
        path: The PNG file; its folder is made where it is missing.

    Raises:
        OSError: As `atomic.write` does.
    """
    if figure is None:
        path.unlink(missing_ok=True)
        return
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    # Variants are named in any script; what the font lacks is drawn as a box, and the tables have the full name.
    warnings.filterwarnings("ignore", "Glyph .* missing from font", UserWarning)
    buffer = io.BytesIO()
    canvas: Any = FigureCanvasAgg(figure)
    canvas.print_png(buffer)  # `savefig` draws everything twice
    path.parent.mkdir(exist_ok=True)
    atomic.write(path, buffer.getvalue())
