from typing import Any

import keras
import numpy as np
import pytest
from sklearn.decomposition import PCA
from sklearn.ensemble import RandomForestClassifier

from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.data import preprocessing
from mnist_sweeps.data.dataset import Split

FOREST = {"name": "forest_pixels", "pixels": 20, "trees": 10, "seed": 42}
ALL = [
    pytest.param({"name": "scaled"}, (28, 28), id="scaled"),
    pytest.param({"name": "normalize"}, (28, 28), id="normalize"),
    pytest.param({"name": "pca", "variance": 0.5}, None, id="pca"),
    pytest.param(FOREST, (20,), id="forest_pixels"),
]


def flat(images: Any) -> Any:
    return images.reshape(len(images), -1) / np.float32(255)


@pytest.mark.parametrize(("named", "shape"), ALL)
def test_shape_and_type(split: Split, named: dict[str, Any], shape: tuple[int, ...] | None) -> None:
    inputs = preprocessing.fit(named, *split.train)(split.test.images)
    assert inputs.dtype == np.float32
    assert inputs.shape == (100, *preprocessing.shape(named, *split.train))
    assert shape is None or inputs.shape[1:] == shape


@pytest.mark.parametrize(("named", "shape"), ALL)
def test_an_image_is_transformed_alike_whatever_comes_with_it(
    split: Split, named: dict[str, Any], shape: tuple[int, ...] | None
) -> None:
    transform = preprocessing.fit(named, *split.train)
    together, alone = transform(split.test.images), transform(split.test.images[3:5])
    np.testing.assert_allclose(together[3:5], alone, atol=1e-5)


def test_scaled_is_a_255th(split: Split) -> None:
    inputs = preprocessing.fit({"name": "scaled"}, *split.train)(split.test.images)
    assert (inputs.min(), inputs.max()) == (0, 1)
    assert np.array_equal(np.rint(inputs * 255), split.test.images)


@pytest.mark.parametrize("named", [{"name": "normalize"}, {"name": "normalize", "axis": 2}], ids=["default", "axis 2"])
def test_normalize_is_keras(split: Split, named: dict[str, Any]) -> None:
    inputs = preprocessing.fit(named, *split.train)(split.test.images)
    expected = keras.utils.normalize(split.test.images.astype(np.float32), axis=named.get("axis", 1))
    np.testing.assert_allclose(inputs, expected, atol=1e-6)


def test_pca_is_scikit_learns_fitted_on_the_training_images(split: Split) -> None:
    inputs = preprocessing.fit({"name": "pca", "variance": 0.8}, *split.train)(split.test.images)
    reference = PCA(n_components=0.8, svd_solver="full").fit(flat(split.train.images).astype(np.float64))
    expected = reference.transform(flat(split.test.images).astype(np.float64))
    assert inputs.shape == expected.shape
    np.testing.assert_allclose(np.abs(inputs), np.abs(expected), atol=1e-2)  # a component's sign is free


def test_forest_pixels_are_those_of_the_forest_in_its_order(split: Split) -> None:
    inputs, again = (preprocessing.fit(FOREST, *split.train)(split.test.images) for _ in range(2))
    forest = RandomForestClassifier(10, random_state=42).fit(flat(split.train.images), split.train.labels)
    ranked = sorted(range(784), key=lambda pixel: (forest.feature_importances_[pixel], pixel), reverse=True)
    assert np.array_equal(inputs, flat(split.test.images)[:, ranked[:20]])
    assert np.array_equal(inputs, again)


def test_another_seed_grows_another_forest(split: Split) -> None:
    inputs, other = (preprocessing.fit({**FOREST, "seed": seed}, *split.train)(split.test.images) for seed in (42, 43))
    assert not np.array_equal(inputs, other)


@pytest.mark.parametrize("named", [{"name": "scaled"}, {"name": "normalize"}], ids=["scaled", "normalize"])
def test_pixels_are_seen_as_they_are_given(split: Split, named: dict[str, Any]) -> None:
    fitted = preprocessing.fit(named, *split.train)
    inputs = fitted(split.test.images)
    assert np.array_equal(fitted.back(inputs), inputs)
    assert not fitted.learned


def test_components_give_back_most_of_the_image(split: Split) -> None:
    fitted = preprocessing.fit({"name": "pca", "variance": 0.95}, *split.train)
    inputs = fitted(split.train.images)
    back, images = fitted.back(inputs), split.train.images / np.float32(255)
    assert back.shape == images.shape
    lost = ((back - images) ** 2).sum() / ((images - images.mean(axis=0)) ** 2).sum()
    assert 0.03 < lost < 0.05
    assert fitted.shown == f"the images that their {inputs.shape[1]} principal components give back"


def test_pixels_that_a_forest_left_out_are_nan_the_others_in_their_places(split: Split) -> None:
    fitted = preprocessing.fit(FOREST, *split.train)
    back, chosen = fitted.back(fitted(split.test.images)).reshape(100, 784), fitted.learned["pixel"]
    assert np.array_equal(np.isnan(back).all(axis=0), ~np.isin(np.arange(784), chosen))
    assert np.array_equal(back[:, chosen], flat(split.test.images)[:, chosen])
    importance = fitted.learned["importance"]
    assert importance.sum() == pytest.approx(1)
    assert (np.diff(importance[chosen]) <= 0).all()
    assert importance[chosen].min() >= np.delete(importance, chosen).max()


def test_examples_are_the_first_of_each_class_before_and_after(split: Split) -> None:
    fitted = preprocessing.fit(FOREST, *split.train)
    found = preprocessing.examples(fitted, *split.test)
    first = [int(np.flatnonzero(split.test.labels == digit)[0]) for digit in range(10)]
    assert found["label"].tolist() == list(range(10))
    assert np.array_equal(found["digit"], split.test.images[first])
    assert (found["seen"].dtype, found["pixel"].dtype, len(found["pixel"])) == (np.float16, np.uint16, 20)
    expected = fitted.back(fitted(split.test.images[first])).astype(np.float16)
    assert np.array_equal(found["seen"], expected, equal_nan=True)
    assert str(found["shown"]) == "the 20 pixels that are used"


def test_the_shape_is_known_without_growing_a_forest(split: Split, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(RandomForestClassifier, "fit", None)
    assert preprocessing.shape(FOREST, *split.train) == (20,)
    assert preprocessing.shape({"name": "forest_pixels"}, *split.train) == (70,)


@pytest.mark.parametrize(
    ("named", "said"),
    [
        pytest.param(
            {"name": "scale"},
            "preprocessing.name=scale: did you mean scaled? allowed: forest_pixels, normalize, pca, scaled",
            id="name",
        ),
        pytest.param(
            {"name": "pca", "varience": 0.9},
            "preprocessing.varience=0.9: pca has no such keyword; did you mean variance? allowed: variance",
            id="keyword",
        ),
        pytest.param(
            {"name": "scaled", "axis": 1}, "preprocessing.axis=1: scaled has no such keyword; it has none", id="none"
        ),
        pytest.param(
            {"name": "normalize", "axis": 0},
            "preprocessing.axis=0: expected 1 (columns of an image) or 2 (rows)",
            id="axis",
        ),
        pytest.param(
            {"name": "pca", "variance": 95}, "preprocessing.variance=95: expected a share between 0 and 1", id="share"
        ),
        pytest.param(
            {"name": "forest_pixels", "pixels": 785}, "preprocessing.pixels=785: expected 1 to 784 pixels", id="pixels"
        ),
    ],
)
@pytest.mark.parametrize("ask", [preprocessing.fit, preprocessing.shape], ids=["fit", "shape"])
def test_refuses(split: Split, ask: Any, named: dict[str, Any], said: str) -> None:
    with pytest.raises(ConfigError) as raised:
        ask(named, *split.train)
    assert str(raised.value) == said
