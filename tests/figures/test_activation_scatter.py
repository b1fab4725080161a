import numpy as np
import pytest
from matplotlib.colors import to_rgba

from mnist_sweeps.figures import activation_scatter
from mnist_sweeps.figures.activation_scatter import COLOURS

DIGITS = np.array([0, 1, 1, 2, 7])
VALUES = np.array([[0, 0], [5, 1], [5, 3], [9, 9], [9, 9.1]], dtype=np.float16)


def test_every_image_is_a_point_in_the_colour_of_its_digit(tmp_path):
    figure = activation_scatter(VALUES, DIGITS, "two units, seed 0, 5 test images")
    figure.savefig(tmp_path / "scatter.png")
    (points,) = figure.axes[0].collections
    assert np.array_equal(points.get_offsets(), VALUES.astype(float))
    assert points.get_facecolors()[:, :3] == pytest.approx(np.array([to_rgba(COLOURS[digit])[:3] for digit in DIGITS]))
    assert figure.get_suptitle() == "two units, seed 0, 5 test images"
    legend = figure.axes[0].get_legend()
    assert legend.get_title().get_text() == "true digit"
    assert [text.get_text() for text in legend.get_texts()] == list("0123456789")


def test_digits_stand_at_their_medians_those_that_coincide_together():
    ax = activation_scatter(VALUES, DIGITS, "").axes[0]
    places = {text.get_text(): text.get_position() for text in ax.texts}
    assert places == {"0": (0, 0), "1": (5, 2), "2 7": pytest.approx((9, 9.05), abs=0.01)}


def test_silent_images_are_counted():
    assert activation_scatter(VALUES, DIGITS, "").get_supxlabel().startswith("1 of 5 images")
    assert activation_scatter(VALUES + 1, DIGITS, "").get_supxlabel() == ""


def test_points_that_are_not_finite_are_left_out(tmp_path):
    values = VALUES.copy()
    values[0, 0] = np.nan
    assert len(activation_scatter(values, DIGITS, "").axes[0].collections[0].get_offsets()) == 4
    nowhere = activation_scatter(np.full((5, 2), np.inf), DIGITS, "")
    nowhere.savefig(tmp_path / "scatter.png")
    assert [text.get_text() for text in nowhere.axes[0].texts] == ["not finite"]


@pytest.mark.parametrize("units", [1, 3])
def test_a_plane_has_two_units(units):
    assert activation_scatter(np.ones((5, units)), DIGITS, "") is None
