"""The cells of a grid as panels of two settings each, the settings that depend most on each other first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mnist_sweeps.report.compare import samples
from mnist_sweeps.report.load import Report
from mnist_sweeps.stats.effects import cell_means

if TYPE_CHECKING:
    from mnist_sweeps.figures.cell_means import CellMeans

PANELS = 3  # side by side in one figure


def panels(report: Report) -> list[CellMeans]:
    """One for each two settings of a grid, at most three, each averaged over the other settings; empty without."""
    found = report.effects
    if found is None or not found.effects:
        return []
    from mnist_sweeps.figures.cell_means import CellMeans  # matplotlib: 0.3 s

    pairs = sorted((of.effect for of in found.effects if len(of.settings) == 2), key=lambda effect: -effect.size)
    accuracies = samples(report.rows)
    cells = {cell: row.trained for cell, row in found.grid.cells.items()}
    drawn = []
    for pair in pairs[:PANELS]:
        along, by = sorted(pair.factors, key=lambda factor: -len(found.grid.factors[factor].levels))
        values, lines = found.grid.factors[along], found.grid.factors[by]
        means = cell_means(accuracies, cells, (by, along))
        table = np.array(list(means.values())).reshape(len(lines.levels), len(values.levels), 3)
        drawn.append(
            CellMeans(values.name, values.levels, lines.name, lines.levels, table[..., 0], table[..., 1], table[..., 2])
        )
    return drawn
