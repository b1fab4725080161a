import numpy as np
import pytest

from mnist_sweeps.figures import confused_pair

# 3 is taken for 5 twice and 5 for 3 once; 4 is taken for 9 twice.
TRUE = np.array([3, 3, 3, 5, 5, 4, 4, 9] + [8] * 30)
PREDICTED = np.array([3, 5, 5, 3, 5, 9, 9, 9] + [8] * 30)
IMAGES = np.arange(1, len(TRUE) + 1)[:, None, None] * np.ones((1, 28, 28))


def shown(ax):
    """The brightness of each digit in a panel, which is its number from 1."""
    values = np.ma.getdata(ax.images[0].get_array()).astype(float)
    return sorted({int(value) for value in values[~np.isnan(values)]})


def test_rows_are_true_and_columns_predicted(tmp_path):
    figure = confused_pair(IMAGES, TRUE, PREDICTED, "512-256, seed 0, 38 test images")
    figure.savefig(tmp_path / "confused_pair.png")
    assert {ax.get_title(): shown(ax) for ax in figure.axes} == {
        "true 3, predicted 3: 1 image": [1],
        "true 3, predicted 5: 2 images": [2, 3],
        "true 5, predicted 3: 1 image": [4],
        "true 5, predicted 5: 1 image": [5],
    }
    places = [(ax.get_subplotspec().rowspan.start, ax.get_subplotspec().colspan.start) for ax in figure.axes]
    assert places == [(0, 0), (0, 1), (1, 0), (1, 1)]
    assert figure.get_suptitle() == "512-256, seed 0, 38 test images"


@pytest.mark.parametrize(
    ("pair", "titles"),
    [
        ((4, 9), ["4 as 4: 0 images", "4 as 9: 2 images", "9 as 4: 0 images", "9 as 9: 1 image"]),
        ((9, 4), ["9 as 9: 1 image", "9 as 4: 0 images", "4 as 9: 2 images", "4 as 4: 0 images"]),
    ],
    ids=["4 and 9", "9 and 4"],
)
def test_a_pair_asked_for(pair, titles):
    figure = confused_pair(IMAGES, TRUE, PREDICTED, "", pair)
    assert [ax.get_title() for ax in figure.axes] == ["true " + title.replace(" as", ", predicted") for title in titles]
    assert [[text.get_text() for text in ax.texts] for ax in figure.axes].count(["none"]) == 2
    assert "asked for" in figure.get_supxlabel()


def test_a_row_has_as_many_lines_as_its_confused_images_and_no_more_than_25():
    predicted = np.where(TRUE == 8, 9, PREDICTED)
    figure = confused_pair(IMAGES, TRUE, predicted, "", (8, 9))
    assert figure.axes[1].get_title() == "true 8, predicted 9: 30 images"
    assert shown(figure.axes[1]) == list(range(9, 34))
    right = confused_pair(IMAGES, TRUE, PREDICTED, "", (8, 9))
    assert right.axes[0].get_title() == "true 8, predicted 8: 30 images"
    assert shown(right.axes[0]) == list(range(9, 14))
    assert right.get_figheight() < figure.get_figheight()


def test_panels_of_a_row_have_one_scale():
    figure = confused_pair(IMAGES, TRUE, PREDICTED, "")
    assert {ax.images[0].norm.vmax for ax in figure.axes} == {len(TRUE)}
    for left, right in (figure.axes[:2], figure.axes[2:]):
        assert (left.get_xlim(), left.get_ylim()) == (right.get_xlim(), right.get_ylim())


def test_a_perfect_net_confuses_nothing():
    assert confused_pair(IMAGES, TRUE, TRUE, "") is None
