import numpy as np
import pytest

from mnist_sweeps.figures import activation_boxes

RANDOM = np.random.default_rng(0)
DIGITS = np.arange(200) % 10
ONE = (DIGITS + RANDOM.random(200))[:, None].astype(np.float16)
TWO = np.hstack([ONE, -ONE])


def medians(ax):
    """By place on the axis: the one line of each box that is thicker than the rest."""
    thick = [line for line in ax.lines if line.get_linewidth() > 2]
    return {round(float(np.mean(line.get_xdata()))): line.get_ydata()[0] for line in thick}


@pytest.mark.parametrize("values", [ONE, TWO], ids=["one unit", "two units"])
def test_each_unit_has_a_box_for_every_digit(values, tmp_path):
    figure = activation_boxes(values, DIGITS, "2 units, seed 0, 200 test images")
    figure.savefig(tmp_path / "boxes.png")
    assert figure.get_suptitle() == "2 units, seed 0, 200 test images"
    assert [ax.get_title() for ax in figure.axes] == [f"hidden unit {unit + 1}" for unit in range(values.shape[1])]
    for unit, ax in enumerate(figure.axes):
        expected = {digit: np.median(values[digit == DIGITS, unit].astype(float)) for digit in range(10)}
        assert medians(ax) == pytest.approx(expected)
        assert (ax.get_xlabel(), list(ax.get_xticks())) == ("true digit", list(range(10)))


def test_boxes_stand_at_their_digits_where_some_are_missing():
    figure = activation_boxes(ONE[[3, 7]], [3, 7], "", by="predicted")
    assert set(medians(figure.axes[0])) == {3, 7}
    assert figure.axes[0].get_xlabel() == "predicted digit"


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_what_is_not_finite_is_left_out(bad, tmp_path):
    values = TWO.copy()
    values[:, 0] = bad
    values[0, 1] = bad
    figure = activation_boxes(values, DIGITS, "")
    figure.savefig(tmp_path / "boxes.png")
    assert [text.get_text() for text in figure.axes[0].texts] == ["not finite"]
    assert medians(figure.axes[1])[0] == np.median(values[10::10, 1].astype(float))
