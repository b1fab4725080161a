import numpy as np
import pytest

from mnist_sweeps.figures import misclassified

N = 40
IMAGES = np.arange(N, dtype=np.uint8)[:, None, None] * np.ones((1, 28, 28), dtype=np.uint8)
TRUE = np.arange(N) % 10
CONFIDENCE = np.linspace(0.5, 0.89, N).astype(np.float16)


def wrong_at(*places):
    predicted = TRUE.astype(np.uint8)
    predicted[list(places)] = (predicted[list(places)] + 1) % 10
    return predicted


def captions(figure):
    return [text.get_text() for text in figure.axes[0].texts]


def test_the_surest_mistake_comes_first(tmp_path):
    confidence = CONFIDENCE.copy()
    confidence[[3, 7, 8]] = 0.6, 0.9, 0.75
    figure = misclassified(IMAGES, TRUE, wrong_at(3, 7, 8), confidence, "512-256, seed 0, test")
    figure.savefig(tmp_path / "errors.png")
    assert captions(figure) == [
        "true 7, predicted 8\n90.0 %",
        "true 8, predicted 9\n75.0 %",
        "true 3, predicted 4\n60.0 %",
    ]
    assert [int(image.get_array()[0, 0]) for image in figure.axes[0].images] == [7, 8, 3]
    assert figure.get_suptitle() == "512-256, seed 0, test"
    assert figure.axes[0].get_title() == "3 shown of 3 wrong among 40 images, most confident first"


def test_no_more_than_25_are_shown():
    figure = misclassified(IMAGES, TRUE, wrong_at(*range(30)), CONFIDENCE, "")
    assert len(figure.axes[0].images) == len(captions(figure)) == 25
    assert [int(image.get_array()[0, 0]) for image in figure.axes[0].images] == list(range(29, 4, -1))
    assert figure.axes[0].get_title() == "25 shown of 30 wrong among 40 images, most confident first"


def test_digits_do_not_overlap_and_lie_inside_the_axes():
    ax = misclassified(IMAGES, TRUE, wrong_at(*range(30)), CONFIDENCE, "").axes[0]
    extents = [image.get_extent() for image in ax.images]
    assert len({(left, top) for left, _, _, top in extents}) == 25
    assert min(e[0] for e in extents) >= ax.get_xlim()[0]
    assert max(e[1] for e in extents) <= ax.get_xlim()[1]
    assert max(e[2] for e in extents) <= ax.get_ylim()[0]


def test_images_of_another_size_and_class_are_shown_with_their_names():
    names = [f"class {label}" for label in range(10)]
    figure = misclassified(IMAGES[:, :8, :8], TRUE, wrong_at(5), CONFIDENCE, "", names)
    assert figure.axes[0].images[0].get_array().shape == (8, 8)
    assert captions(figure)[0].startswith("true class 5\npredicted class 6\n")


@pytest.mark.parametrize(
    ("confidence", "text"),
    [
        pytest.param(0.98, "98.0 %", id="plain"),
        pytest.param(1.0, "above 99.9 %", id="float16 cannot tell from one"),
        pytest.param(np.nan, "confidence not finite", id="diverged"),
    ],
)
def test_confidence_is_written_as_far_as_it_is_known(confidence, text):
    sure = CONFIDENCE.copy()
    sure[5] = confidence
    assert captions(misclassified(IMAGES, TRUE, wrong_at(5), sure, ""))[0].endswith(text)


def test_a_perfect_net_has_a_figure_that_says_so(tmp_path):
    figure = misclassified(IMAGES, TRUE, TRUE, CONFIDENCE, "perfect")
    figure.savefig(tmp_path / "errors.png")
    assert captions(figure) == ["no errors: all 40 images are classified correctly"]
    assert figure.get_suptitle() == "perfect"
