import numpy as np
import pytest

from mnist_sweeps.figures import confusion

TRUE = np.array([4, 4, 4, 4, 9, 9, 7, 7])
PREDICTED = np.array([4, 4, 4, 9, 9, 9, 1, 7], dtype=np.uint8)


def shown(ax):
    """The numbers written into the cells, by (true, predicted)."""
    return {(int(text.get_position()[1]), int(text.get_position()[0])): text.get_text() for text in ax.texts}


def test_counts_stand_beside_errors_per_true_digit(tmp_path):
    figure = confusion(TRUE, PREDICTED, "512-256, seed 0, test")
    figure.savefig(tmp_path / "confusion.png")
    counts, share = figure.axes[:2]
    assert shown(counts) == {(4, 4): "3", (4, 9): "1", (9, 9): "2", (7, 1): "1", (7, 7): "1"}
    assert shown(share) == {(4, 9): "25.0", (7, 1): "50.0"}
    assert figure.get_suptitle() == "512-256, seed 0, test"
    assert counts.get_title() == "Counts: 2 of 8 images wrong"
    assert share.get_title() == "Errors per true digit, diagonal removed"


def test_colours_follow_the_numbers():
    counts, share = confusion(TRUE, PREDICTED, "").axes[:2]
    assert counts.images[0].get_array()[4, 9] == 1
    assert np.array_equal(np.ma.getmaskarray(share.images[0].get_array()), np.eye(10, dtype=bool))
    assert share.images[0].get_array()[7, 1] == 50
    assert share.images[0].norm.vmax == 50


def test_axes_and_colour_bars_are_labelled():
    figure = confusion(TRUE, PREDICTED, "")
    for ax in figure.axes[:2]:
        assert (ax.get_xlabel(), ax.get_ylabel()) == ("predicted digit", "true digit")
        assert list(ax.get_xticks()) == list(ax.get_yticks()) == list(range(10))
    assert [bar.get_ylabel() for bar in figure.axes[2:]] == [
        "images (square-root colours)",
        "% of the true digit's images",
    ]


@pytest.mark.parametrize(
    ("predicted", "errors"),
    [
        pytest.param(TRUE, {}, id="all right"),
        pytest.param(np.ones(8, dtype=int), {(4, 1): "100.0", (7, 1): "100.0", (9, 1): "100.0"}, id="always one digit"),
    ],
)
def test_extremes(predicted, errors, tmp_path):
    figure = confusion(TRUE, predicted, "")
    figure.savefig(tmp_path / "confusion.png")
    assert sum(int(text) for text in shown(figure.axes[0]).values()) == 8
    assert shown(figure.axes[1]) == errors


def test_without_errors_the_colours_start_at_none():
    norm = confusion(TRUE, TRUE, "").axes[1].images[0].norm
    assert (norm.vmin, norm.vmax) == (0, 1)


def test_no_images(tmp_path):
    confusion([], [], "").savefig(tmp_path / "confusion.png")
