"""Figures that are not drawn yet: after the table is printed, so that it waits for none."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from mnist_sweeps.runtime.messages import LOGGER
from mnist_sweeps.storage import run_folder

MANY = 20  # variants, from which drawing takes long enough to be announced: 0.25 s each


def draw(variants: Mapping[str, Path]) -> bool:
    """Draws the default figures of each variant that has runs newer than they are.

    A figure that cannot be drawn is an error message; the other variants are drawn all the same.

    Args:
        variants: The folders of the variants by name.

    Returns:
        Whether all variants are drawn.
    """
    missing = {name: folder for name, folder in variants.items() if not run_folder.is_drawn(folder)}
    if not missing:
        return True
    if len(missing) > MANY:
        LOGGER.info(f"drawing the figures of {len(missing)} variants; the report is written")
    from mnist_sweeps.job import run_figures  # matplotlib: 0.5 s

    faults = 0
    for name, folder in missing.items():
        try:
            run_figures.draw_default(folder, name)
        except Exception as error:
            LOGGER.error(f"variant {name}: its figures are not drawn: {type(error).__name__}: {error}")
            faults += 1
    return not faults
