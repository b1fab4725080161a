"""The chart library of the page: Vega, Vega-Lite and Vega-Embed, as they come with the package vl-convert-python."""

from __future__ import annotations

from contextlib import suppress
from importlib.metadata import version
from pathlib import Path

from mnist_sweeps.storage import atomic

CACHE = Path("~/.cache/mnist_sweeps/page").expanduser()


def script() -> str:
    """A script of 0.9 MB that defines `vegaEmbed`.

    The package holds the modules of the libraries and bundles them in 1.2 s, so the bundle is kept in `CACHE` for the
    next page.
    """
    path = CACHE / f"vega-{version('vl-convert-python')}.js"
    with suppress(OSError, UnicodeDecodeError):
        return path.read_text(encoding="utf-8")
    import vl_convert

    bundle = vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;")
    with suppress(OSError):  # without a cache the next page takes 1.2 s longer
        path.parent.mkdir(parents=True, exist_ok=True)
        atomic.write(path, bundle)
    return str(bundle)
