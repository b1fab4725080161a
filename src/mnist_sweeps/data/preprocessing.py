"""Preprocessing methods that turn pixels into network inputs, fitted on training images only."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mnist_sweeps.config.errors import ConfigError, nearest
from mnist_sweeps.config.value_checks import is_whole

Images = NDArray[np.uint8]  # [n, 28, 28]
Inputs = NDArray[np.float32]  # [n, 28, 28], or [n, features] where the method selects or combines pixels


@dataclass(frozen=True)
class Fitted:
    """A method fitted on training images; called with images it gives the network's inputs.

    `back` turns inputs into pictures [n, 28, 28] of what is left of the images, nan where the network gets nothing;
    `shown` says in words what these pictures are. `learned` holds the arrays with which the method can be drawn, and
    applied again without the training images (`LEARNED`).
    """

    transform: Callable[[Images], Inputs]
    back: Callable[[Inputs], Inputs]
    shown: str
    learned: Mapping[str, NDArray[Any]] = field(default_factory=dict)

    def __call__(self, images: Images) -> Inputs:
        """The network's inputs."""
        return self.transform(images)


def fit(spec: Mapping[str, Any], images: Images, labels: NDArray[np.uint8]) -> Fitted:
    """The method that `{name: ..., **keywords}` describes, fitted on the training `images` and `labels`.

    Raises:
        ConfigError: no such method or keyword, or a value that the images do not allow.

    Example:
        `fit({"name": "pca", "variance": 0.95}, train.images, train.labels)(test.images)`
    """
    method, values = _method(spec)
    return method(images, labels, **values)


def examples(fitted: Fitted, images: Images, labels: NDArray[np.uint8]) -> dict[str, NDArray[Any]]:
    """What preprocessing.npz keeps: the first image of each class, as it is and as the network sees it.

    `label` uint8 [classes], `digit` uint8 [classes, 28, 28], `seen` float16 of that shape, `shown` in words, and
    what the method learned: of a forest, `importance` float32 [784] and `pixel` uint16 [pixels] in order of rank; of a
    PCA, `components` float32 [components, 784] and `mean` float32 [784], of pixels from 0 to 1.
    """
    classes, first = np.unique(labels, return_index=True)
    seen = fitted.back(fitted(images[first])).astype(np.float16)
    shown = np.array(fitted.shown)
    return {"label": classes, "digit": images[first], "seen": seen, "shown": shown, **fitted.learned}


def keywords(spec: Mapping[str, Any]) -> dict[str, Any]:
    """All keywords of the method, with its defaults where `spec` does not set them.

    Raises:
        ConfigError: no such method or keyword.
    """
    return _method(spec)[1]


def shape(spec: Mapping[str, Any], images: Images, labels: NDArray[np.uint8]) -> tuple[int, ...]:
    """The shape of one image's network input; a forest, slow to grow, is not grown for it.

    Raises:
        ConfigError: as `fit` does.
    """
    if spec["name"] == "forest_pixels":
        pixels = keywords(spec)["pixels"]
        _check_pixels(pixels, images)
        return (pixels,)
    return fit(spec, images, labels)(images[:1]).shape[1:]


def _method(spec: Mapping[str, Any]) -> tuple[Callable[..., Fitted], dict[str, Any]]:
    """The method of that name, and all its keywords."""
    name, given = spec["name"], {key: value for key, value in spec.items() if key != "name"}
    if name not in METHODS:
        raise ConfigError(f"preprocessing.name={name}: {nearest(name, list(METHODS))}")
    method, defaults = METHODS[name]
    for key, value in given.items():
        if key not in defaults:
            allowed = nearest(key, list(defaults)) if defaults else "it has none"
            raise ConfigError(f"preprocessing.{key}={value}: {name} has no such keyword; {allowed}")
    return method, {**defaults, **given}


def scaled(images: Images) -> Inputs:
    """Pixels [n, 28, 28] from 0 to 1."""
    return np.divide(images, np.float32(255), dtype=np.float32)  # without a copy between: 190 MB


def _scaled(images: Images, labels: NDArray[np.uint8]) -> Fitted:
    return Fitted(scaled, _unchanged, "pixels from 0 to 1")


def _normalized(images: Images, labels: NDArray[np.uint8], axis: int) -> Fitted:
    """`keras.utils.normalize` on [n, 28, 28]: along axis 1 every column of an image has length 1 (notebook 003:25)."""
    if axis not in (1, 2):
        raise ConfigError(f"preprocessing.axis={axis}: expected 1 (columns of an image) or 2 (rows)")

    def transform(images: Images) -> Inputs:
        pixels = images.astype(np.float32)
        length: Inputs = np.sqrt((pixels * pixels).sum(axis=axis, keepdims=True))
        length[length == 0] = 1
        return pixels / length

    lines = {1: "column", 2: "row"}
    return Fitted(transform, _unchanged, f"every {lines[axis]} of pixels has length 1")


def _pca(images: Images, labels: NDArray[np.uint8], variance: float) -> Fitted:
    """The principal components that explain a share of the variance (scikit-learn's PCA; notebook 004:1925)."""
    from sklearn.decomposition import PCA

    if not isinstance(variance, float) or not 0 < variance < 1:
        raise ConfigError(f"preprocessing.variance={variance}: expected a share between 0 and 1")
    model = PCA(n_components=variance, svd_solver="covariance_eigh").fit(_flat(images))

    def back(inputs: Inputs) -> Inputs:
        pixels: Inputs = model.inverse_transform(inputs).reshape(-1, *images[0].shape).astype(np.float32)
        return pixels

    shown = f"the images that their {model.n_components_} principal components give back"
    learned = {"components": model.components_.astype(np.float32), "mean": model.mean_.astype(np.float32)}
    return Fitted(lambda images: model.transform(_flat(images)).astype(np.float32), back, shown, learned)


def _forest_pixels(images: Images, labels: NDArray[np.uint8], pixels: int, trees: int, seed: int) -> Fitted:
    """The pixels that a random forest ranks highest, in the order of their rank (scikit-learn; notebook 004:2370)."""
    from sklearn.ensemble import RandomForestClassifier

    _check_pixels(pixels, images)
    forest = RandomForestClassifier(n_estimators=trees, random_state=seed).fit(_flat(images), labels)
    chosen = np.argsort(forest.feature_importances_, kind="stable")[::-1][:pixels]

    def back(inputs: Inputs) -> Inputs:
        picture = np.full((len(inputs), images[0].size), np.nan, np.float32)
        picture[:, chosen] = inputs
        return picture.reshape(-1, *images[0].shape)

    importance = forest.feature_importances_.astype(np.float32)
    learned = {"importance": importance, "pixel": chosen.astype(np.uint16)}
    return Fitted(lambda images: _flat(images)[:, chosen], back, f"the {pixels} pixels that are used", learned)


def _check_pixels(pixels: Any, images: Images) -> None:
    if not is_whole(pixels) or pixels > images[0].size:
        raise ConfigError(f"preprocessing.pixels={pixels}: expected 1 to {images[0].size} pixels")


def _unchanged(inputs: Inputs) -> Inputs:
    return inputs


def _flat(images: Images) -> Inputs:
    return scaled(images).reshape(len(images), -1)


# What an image's inputs are computed from besides its pixels, by method.
LEARNED = {"pca": {"components", "mean"}, "forest_pixels": {"pixel"}}
METHODS: dict[str, tuple[Callable[..., Fitted], dict[str, Any]]] = {
    "scaled": (_scaled, {}),
    "normalize": (_normalized, {"axis": 1}),
    "pca": (_pca, {"variance": 0.95}),
    "forest_pixels": (_forest_pixels, {"pixels": 70, "trees": 100, "seed": 42}),
}
