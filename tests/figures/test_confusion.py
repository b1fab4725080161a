import numpy as np
import pytest

from mnist_sweeps.figures import confusion

TRUE = np.array([4, 4, 4, 4, 9, 9, 7, 7])
PREDICTED = np.array([4, 4, 4, 9, 9, 9, 1, 7], dtype=np.uint8)


def shown(ax):
    """The numbers written into the cells, by (true, predicted)."""
    cells = {(int(text.get_position()[1]), int(text.get_position()[0])): text.get_text() for text in ax.texts}
    return {place: number for place, number in cells.items() if number}


def test_numbers_are_counts_and_colours_the_errors_per_true_digit(tmp_path):
    figure = confusion(TRUE, PREDICTED, "512-256, seed 0, test")
    figure.savefig(tmp_path / "confusion.png")
    ax = figure.axes[0]
    assert shown(ax) == {(4, 4): "3", (4, 9): "1", (9, 9): "2", (7, 1): "1", (7, 7): "1"}
    assert figure.get_suptitle() == "512-256, seed 0, test"
    assert ax.get_title() == "2 of 8 images wrong"
    share = ax.collections[0].get_array()
    assert np.array_equal(np.ma.getmaskarray(share), np.eye(10, dtype=bool))
    assert (share[4, 9], share[7, 1], ax.collections[0].norm.vmax) == (25, 50, 50)


def test_axes_and_colour_bar_are_labelled():
    ax, bar = confusion(TRUE, PREDICTED, "").axes
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("predicted digit", "true digit")
    assert [text.get_text() for text in ax.get_xticklabels()] == [str(digit) for digit in range(10)]
    assert [text.get_text() for text in ax.get_yticklabels()] == [str(digit) for digit in range(10)]
    assert bar.get_ylabel() == "errors (% of the true digit's images)"


@pytest.mark.parametrize(
    ("predicted", "errors"),
    [
        pytest.param(TRUE, 0, id="all right"),
        pytest.param(np.ones(8, dtype=int), 8, id="always one digit"),
    ],
)
def test_extremes(predicted, errors, tmp_path):
    figure = confusion(TRUE, predicted, "")
    figure.savefig(tmp_path / "confusion.png")
    assert sum(int(text) for text in shown(figure.axes[0]).values()) == 8
    assert figure.axes[0].get_title() == f"{errors} of 8 images wrong"


def test_without_errors_the_colours_start_at_none():
    norm = confusion(TRUE, TRUE, "").axes[0].collections[0].norm
    assert (norm.vmin, norm.vmax) == (0, 1)


def test_no_images(tmp_path):
    confusion([], [], "").savefig(tmp_path / "confusion.png")


def test_other_classes_are_named():
    figure = confusion([0, 1, 2], [0, 2, 2], "", ["ant", "bee", "cat"])
    ax = figure.axes[0]
    assert [label.get_text() for label in ax.get_xticklabels()] == ["ant", "bee", "cat"]
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("predicted class", "true class")
