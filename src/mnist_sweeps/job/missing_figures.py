"""Figures that are not drawn yet: after the table is printed, so that it waits for none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from mnist_sweeps.runtime.device import cores
from mnist_sweeps.runtime.messages import LOGGER
from mnist_sweeps.storage import variant_folder

if TYPE_CHECKING:
    from mnist_sweeps.job.early_figures import EarlyFigures

MANY = 20  # variants, from which drawing takes long enough to be announced: 0.3 s each
FEW = 8  # variants that this process draws while another one starts and imports matplotlib


def draw(variants: Mapping[str, Path], early: EarlyFigures | None = None) -> bool:
    """Draws the default figures of each variant that has runs newer than they are, many of them in several processes.

    A figure that cannot be drawn is an error message; the other variants are drawn all the same.

    Args:
        variants: The folders of the variants by name.
        early: Has drawn some while others were trained, and may be drawing now.

    Returns:
        Whether all variants are drawn.
    """
    missing = {name: folder for name, folder in variants.items() if not variant_folder.is_drawn(folder)}
    if not missing:
        return True
    if len(missing) > MANY:
        LOGGER.info(f"drawing the figures of {len(missing)} variants; the report is written")
    processes = min(cores(), len(missing) // FEW)
    if processes > 1:
        if early:
            early.stop()
        faults = _in_processes(missing, processes)
    else:
        faults = _here(early.left(missing) if early else missing.items())
    for name, fault in faults.items():
        LOGGER.error(f"variant {name}: its figures are not drawn: {fault}")
    return not faults


def _here(missing: Iterable[tuple[str, Path]]) -> dict[str, str]:
    """What went wrong, by variant."""
    faults = {}
    for variant in missing:
        try:
            draw_variant(variant)
        except Exception as error:
            faults[variant[0]] = f"{type(error).__name__}: {error}"
    return faults


def _in_processes(missing: Mapping[str, Path], processes: int) -> dict[str, str]:
    """As `_here`; a process that dies costs the variant that it was drawing."""
    from mnist_sweeps.runtime import workers  # pebble and cloudpickle, which a report that is drawn does not need

    rules = workers.Rules(recycle=len(missing))
    ended = workers.run(draw_variant, missing.items(), [{}] * processes, rules, on_lost=lambda index, lost: None)
    return {name: str(lost) for name, lost in zip(missing, ended, strict=True) if isinstance(lost, workers.Lost)}


def draw_variant(variant: tuple[str, Path]) -> None:
    """Draws the default figures of a variant, given by its name and its folder."""
    from mnist_sweeps.job import run_figures  # matplotlib: 0.5 s

    name, folder = variant
    run_figures.draw_default(folder, name)
