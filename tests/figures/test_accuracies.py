import numpy as np
import pytest

from mnist_sweeps.figures import accuracies

RUNS = {"first": (0.98, 0.984), "second": (0.97,), "failed": ()}
INTERVALS = {"first": (0.978, 0.986), "second": (0.96, 0.98)}


def drawn(figure, label):
    """The values of a kind by row."""
    (line,) = [line for line in figure.axes[0].lines if line.get_label() == label]
    found = {}
    for x, row in zip(line.get_xdata(), line.get_ydata(), strict=True):
        found.setdefault(int(row), []).append(float(x))
    return found


def intervals(figure):
    """Their ends by row."""
    (bands,) = figure.axes[0].collections
    return {int(ends[0, 1]): ends[:, 0].tolist() for ends in bands.get_segments()}


def names(figure):
    return [label.get_text() for label in figure.axes[0].get_yticklabels()]


def test_every_run_is_a_dot_with_its_rows_mean_and_interval(tmp_path):
    figure = accuracies(RUNS, INTERVALS, {"second": 0.9712}, "small: 1,000 test images", "a note")
    figure.savefig(tmp_path / "accuracies.png")
    assert drawn(figure, "runs") == {0: [98, 98.4], 1: [97]}
    assert drawn(figure, "mean") == {0: [pytest.approx(98.2)], 1: [97]}
    assert intervals(figure) == {0: pytest.approx([97.8, 98.6]), 1: pytest.approx([96, 98])}
    assert drawn(figure, "printed") == {1: [pytest.approx(97.12)]}
    assert names(figure) == ["first", "second", "failed"]
    low, high = figure.axes[0].get_ylim()
    assert low > high  # the first row is on top
    assert (figure.get_suptitle(), figure.get_supxlabel()) == ("small: 1,000 test images", "a note")
    assert [text.get_text() for text in figure.legends[0].get_texts()] == [
        "one run", "mean", "95 % interval of the mean", "it continues", "printed by the notebook",
    ]  # fmt: skip


def test_what_is_not_there_is_not_in_the_legend():
    figure = accuracies({"a": (0.9, 0.91)}, {}, {}, "")
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["one run", "mean"]


def test_a_long_name_takes_two_lines_and_is_no_formula(tmp_path):
    name = r"a row of a grid, $\q$, momentum 0.9, batch size 128, learning rate 0.001, epochs 50, dropout 0.5"
    figure = accuracies({name: (0.9,), "other": (0.8,)}, {}, {}, name)
    figure.savefig(tmp_path / "accuracies.png")  # fails where the text is read as a formula
    first, second = names(figure)[0].splitlines()
    assert name.startswith(first) and max(len(first), len(second)) <= 44
    assert second.endswith("…")


def test_long_intervals_do_not_set_the_scale():
    figure = accuracies({"a": (0.97, 0.98), "b": (0.97, 0.98)}, {"a": (0.5, 1.0), "b": (0.969, 0.98)}, {}, "")
    ax = figure.axes[0]
    low, high = ax.get_xlim()
    assert 96 < low < 97 and 98 < high < 99
    arrows = {line.get_marker(): line.get_xydata().tolist() for line in ax.lines if line.get_label() == "cut"}
    assert arrows == {"<": [[low, 0]], ">": [[high, 0]]}
    assert "it continues" in [text.get_text() for text in figure.legends[0].get_texts()]


@pytest.mark.parametrize(
    ("runs", "scale"),
    [
        pytest.param({"a": (0.98,), "b": (0.92,)}, "linear", id="errors alike"),
        pytest.param({"a": (0.98,), "b": (0.11,)}, "function", id="a dead net"),
        pytest.param({"a": (1.0,), "b": (0.5,)}, "linear", id="no error has no logarithm"),
        pytest.param({"a": (), "b": ()}, "linear", id="nothing"),
    ],
)
def test_scale(runs, scale, tmp_path):
    figure = accuracies(runs, {"a": (0.9, 1.0)}, {}, "")
    figure.savefig(tmp_path / "accuracies.png")
    ax = figure.axes[0]
    assert ax.get_xscale() == scale
    assert ("log scale" in ax.get_xlabel()) == (scale == "function")
    low, high = ax.get_xlim()
    assert all(low <= 100 * accuracy <= high for fractions in runs.values() for accuracy in fractions)
    if scale == "function":
        spans = ax.transData.transform([(11, 0), (90, 0), (98, 0)])[:, 0]
        assert spans[1] - spans[0] == pytest.approx((spans[2] - spans[1]) * np.log10(8.9) / np.log10(5), rel=1e-3)
