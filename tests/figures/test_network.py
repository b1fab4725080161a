import pytest

from mnist_sweeps.figures import network

LINES = [
    ("input", "", "28 x 28 x 1", ""),
    ("conv_1", "Conv2D, 3 x 3", "26 x 26 x 32", "320"),
    ("flatten", "Flatten", "21632", "0"),
    ("output", "Dense, softmax", "10", "216,330"),
]


def test_layers_stand_below_each_other_with_their_shapes(tmp_path):
    figure = network(LINES, "CNN, 216,650 parameters")
    figure.savefig(tmp_path / "network.png")
    words = {}
    for text in figure.axes[0].texts:
        words.setdefault(text.get_position()[1], []).append(text.get_text())
    assert [tuple(words[place]) for place in range(4)] == LINES
    assert words[-1] == ["layer", "", "output shape", "parameters"]
    assert figure.get_suptitle() == "CNN, 216,650 parameters"
    low, high = figure.axes[0].get_ylim()
    assert low > 3 and high < -1


def test_layers_that_learn_are_filled():
    boxes = network(LINES, "").axes[0].patches
    filled = [box.get_facecolor() != (1, 1, 1, 1) for box in boxes]
    assert filled == [False, True, False, True]


@pytest.mark.parametrize("layers", [1, 4, 30])
def test_a_layer_has_the_same_room_in_every_network(layers):
    figure = network([("input", "", "784", "")] * layers, "")
    assert figure.get_figheight() == pytest.approx(1.1 + 0.38 * (layers + 1))
