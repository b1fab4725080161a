import numpy as np

from mnist_sweeps.figures import inputs

DIGITS = np.random.default_rng(0).integers(0, 256, (3, 28, 28)).astype(np.uint8)
LABELS = np.array([0, 4, 9], dtype=np.uint8)


def test_what_the_network_sees_stands_below_what_is_there(tmp_path):
    figure = inputs(DIGITS, (DIGITS / 510).astype(np.float16), LABELS, "pixels from 0 to 0.5", "512-256, test images")
    figure.savefig(tmp_path / "inputs.png")
    above, below = figure.axes
    assert above.images[0].get_array().shape == (28, 88)
    assert np.array_equal(above.images[0].get_array()[:, 30:58], DIGITS[1])
    assert np.allclose(below.images[0].get_array()[:, 30:58], DIGITS[1] / 510, atol=1e-3)
    assert [text.get_text() for text in above.texts] == ["black 255", "white 0"]
    assert [text.get_text() for text in below.texts] == ["black 0.5", "white 0"]
    assert below.get_title(loc="left") == "as the network sees them: pixels from 0 to 0.5"
    assert [label.get_text() for label in above.get_xticklabels()] == ["0", "4", "9"]
    assert list(above.get_xticks()) == [14, 44, 74]
    assert figure.get_suptitle() == "512-256, test images"


def test_pixels_that_are_not_seen_have_a_colour_of_their_own(tmp_path):
    seen = np.full((3, 28, 28), np.nan)
    seen[:, 5, 7] = 1, 0, 0.5
    figure = inputs(DIGITS, seen, LABELS, "1 pixel", "")
    figure.savefig(tmp_path / "inputs.png")
    (image,) = figure.axes[1].images
    shades = image.cmap(image.norm(image.get_array()))
    assert tuple(shades[0, 0]) == tuple(image.cmap.get_over())
    assert [round(float(shades[5, 7 + 30 * place, 0]), 2) for place in range(2)] == [0, 1]  # black, white
    assert "does not get" in figure.get_supxlabel()


def test_negative_values_are_no_cut(tmp_path):
    norm = inputs(DIGITS, DIGITS / 255 - 0.25, LABELS, "", "").axes[1].images[0].norm
    assert (norm.vmin, norm.vmax) == (DIGITS.min() / 255 - 0.25, DIGITS.max() / 255 - 0.25)
