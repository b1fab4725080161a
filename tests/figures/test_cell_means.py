"""Mean accuracies of two settings."""

import numpy as np

from mnist_sweeps import figures
from mnist_sweeps.figures.cell_means import CellMeans


def panel(lines: int) -> CellMeans:
    means = 0.97 + 0.001 * np.arange(3 * lines).reshape(lines, 3)
    names = [f"$line_{place}" for place in range(lines)]
    return CellMeans("optimizer", ("sgd", "a name that is longer", "adam"), "rate", names, means, means - 0.001, means)


def test_every_cell_has_its_mean_and_interval(tmp_path):
    figure = figures.cell_means([panel(2), panel(6)], "title")
    figure.savefig(tmp_path / "cell_means.png")
    first, second = figure.axes
    assert [len(ax.containers) for ax in figure.axes] == [2, 6]
    line, _, (bars,) = first.containers[1]
    assert line.get_ydata().round(6).tolist() == [97.3, 97.4, 97.5]
    assert bars.get_segments()[0][:, 1].round(6).tolist() == [97.2, 97.3]
    assert [label.get_text() for label in first.get_xticklabels()] == ["sgd", "a name that i…", "adam"]
    assert second.get_legend().get_title().get_text() == "rate"
