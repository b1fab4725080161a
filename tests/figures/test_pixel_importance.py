import numpy as np

from mnist_sweeps.figures import pixel_importance

IMPORTANCE = np.zeros(784)
IMPORTANCE[[2 * 28 + 20, 9 * 28 + 3]] = 0.75, 0.25
DIGIT = np.arange(784).reshape(28, 28)


def test_pixels_lie_where_they_are_in_the_image(tmp_path):
    figure = pixel_importance(IMPORTANCE, [2 * 28 + 20], DIGIT, "forest of 400 training images")
    figure.savefig(tmp_path / "importance.png")
    heat, digit = figure.axes[:2]
    assert heat.images[0].get_array()[2, 20] == 75
    assert heat.images[0].get_array()[9, 3] == 25
    assert np.array_equal(digit.images[0].get_array(), DIGIT)
    (marks,) = digit.collections
    assert marks.get_offsets().tolist() == [[20, 2]]  # x is the column
    assert digit.get_title() == "The pixels that the network gets: 1 of 784, 75 % of the importance"
    assert figure.get_suptitle() == "forest of 400 training images"
    assert figure.axes[2].get_ylabel() == "importance (% of all pixels' sum)"


def test_a_forest_that_learned_nothing(tmp_path):
    figure = pixel_importance(np.zeros(28 * 20), np.arange(70), DIGIT[:, :20], "")
    figure.savefig(tmp_path / "importance.png")
    assert "0 % of the importance" in figure.axes[1].get_title()
