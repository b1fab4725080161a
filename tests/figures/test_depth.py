import numpy as np
import pytest

from mnist_sweeps.figures import depth

LINES = {
    "without dropout": [(3, 0.99, 0.988, 0.992), (5, 0.991, 0.99, 0.992), (7, 0.992, 0.99, 0.994)],
    "with dropout": [(3, 0.994, 0.993, 0.995), (3, 0.98, 0.97, 0.99), (7, 0.995, 0.994, 0.996)],
}


def line(figure, name):
    (found,) = [line for line in figure.axes[0].lines if line.get_label() == name]
    return found


def test_accuracy_over_layers_for_each_kind(tmp_path):
    figure = depth(LINES, "cnn_depth: 10,000 test images", "a note")
    figure.savefig(tmp_path / "depth.png")
    without, with_dropout = line(figure, "without dropout"), line(figure, "with dropout")
    assert without.get_ydata() == pytest.approx([99, 99.1, 99.2])
    assert np.rint(without.get_xdata()).tolist() == [3, 5, 7]
    assert with_dropout.get_ydata() == pytest.approx([99.4, 99.5])  # the first of two rows with 3 layers
    assert list(figure.axes[0].get_xticks()) == [3, 5, 7]
    assert [text.get_text() for text in figure.axes[0].get_legend().get_texts()] == list(LINES)
    assert (figure.get_suptitle(), figure.get_supxlabel()) == ("cnn_depth: 10,000 test images", "a note")


def test_every_row_has_its_mark_and_interval():
    figure = depth(LINES, "")
    segments = [bars.get_segments() for bars in figure.axes[0].collections]
    for points, bars in zip(LINES.values(), segments, strict=True):
        assert [tuple(bar[:, 1]) for bar in bars] == [
            (pytest.approx(100 * low), pytest.approx(100 * high)) for _, _, low, high in points
        ]


def test_intervals_of_two_lines_do_not_cover_each_other():
    figure = depth(LINES, "")
    assert line(figure, "without dropout").get_xdata()[0] < line(figure, "with dropout").get_xdata()[0]


def test_long_intervals_do_not_set_the_scale():
    low, high = depth({"a": [(1, 0.97, 0.0, 1.0), (2, 0.98, 0.5, 1.0)]}, "").axes[0].get_ylim()
    assert 96 < low < 97 and 98 < high < 99
