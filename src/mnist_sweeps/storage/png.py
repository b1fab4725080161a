"""A figure as a file that is there whole or not at all."""

from __future__ import annotations

import io
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mnist_sweeps.storage import atomic

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def save(figure: Figure | None, path: Path) -> None:
    """Replaces the picture at `path` by `figure`, in the figure's own resolution; removes it where there is none.

    Raises:
        OSError: as `atomic.write` does.
    """
    if figure is None:
        path.unlink(missing_ok=True)
        return
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    # Rows are named in any script; what the font lacks is drawn as a box, and the tables have the name in full.
    warnings.filterwarnings("ignore", "Glyph .* missing from font", UserWarning)
    buffer = io.BytesIO()
    canvas: Any = FigureCanvasAgg(figure)
    canvas.print_png(buffer)  # `savefig` draws everything twice
    path.parent.mkdir(exist_ok=True)
    atomic.write(path, buffer.getvalue())
