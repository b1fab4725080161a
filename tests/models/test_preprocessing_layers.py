"""Raw digits through the layers of the preprocessing give what preprocessed digits give through the network."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.config.schema import Config, Conv, Model
from mnist_sweeps.data import preprocessing
from mnist_sweeps.data.dataset import Split
from mnist_sweeps.models import network
from mnist_sweeps.models.preprocessing_layers import with_preprocessing
from mnist_sweeps.training.inputs import prepare

Make = Callable[..., Config]
DENSE, CONVOLUTIONS = Model(hidden=[8], batch_norm=True), Model(conv=Conv(filters=[2], pool_after=[1]))
CASES = {
    "scaled": ({"name": "scaled"}, DENSE),
    "normalize": ({"name": "normalize"}, DENSE),
    "normalize, axis 2": ({"name": "normalize", "axis": 2}, DENSE),
    "pca": ({"name": "pca", "variance": 0.8}, DENSE),
    "forest_pixels": ({"name": "forest_pixels", "pixels": 20, "trees": 5}, DENSE),
    "scaled, convolutions": ({"name": "scaled"}, CONVOLUTIONS),
    "scaled, residual": ({"name": "scaled"}, Model(hidden=[8, 8], residual=True)),
    "normalize, convolutions": ({"name": "normalize"}, CONVOLUTIONS),
}
# Keras alone: the package cannot be imported, and a warning is an error.
PLAIN = """
import json, sys, warnings
sys.modules["mnist_sweeps"] = None
import keras, numpy as np
digits = np.load(sys.argv[1])
warnings.simplefilter("error")
scores = {path: keras.saving.load_model(path).evaluate(*digits.values(), verbose=0) for path in sys.argv[2:]}
print(json.dumps(scores))
"""


def built(config: Config, split: Split) -> tuple[keras.Sequential, Any, dict[str, Any]]:
    """An untrained network, its inputs of the test images, and what its preprocessing learned."""
    inputs = prepare(config, split)
    learned = dict(preprocessing.fit(config.preprocessing, *split.train).learned)
    return network.build(config, inputs.shape, seed=1), inputs.test[0], learned


@pytest.mark.parametrize("name", CASES)
def test_raw_digits_give_what_preprocessed_ones_give(small: Make, split: Split, name: str) -> None:
    spec, model = CASES[name]
    config = small(preprocessing=spec, model=model)
    net, inputs, learned = built(config, split)
    model_of_raw, expected = with_preprocessing(net, config, learned), np.asarray(net(inputs))
    for dtype in ("uint8", "float32"):
        raw = np.asarray(model_of_raw(split.test.images.astype(dtype)))
        np.testing.assert_allclose(raw, expected, atol=2e-6)


def test_keras_alone_loads_and_evaluates_it(small: Make, split: Split, tmp_path: Path) -> None:
    np.savez(tmp_path / "digits.npz", images=split.test.images, labels=split.test.labels)
    expected = {}
    for name in ("normalize", "pca", "forest_pixels", "scaled, convolutions", "scaled, residual"):
        spec, model = CASES[name]
        config = small(preprocessing=spec, model=model)
        net, inputs, learned = built(config, split)
        path = tmp_path / f"{name}.keras"
        with_preprocessing(net, config, learned).save(path)
        expected[str(path)] = (np.asarray(net(inputs)).argmax(axis=1) == split.test.labels).mean()
    words = [sys.executable, "-c", PLAIN, str(tmp_path / "digits.npz"), *expected]
    child = subprocess.run(words, capture_output=True, text=True, check=False)
    assert child.returncode == 0, child.stderr
    scores = json.loads(child.stdout.splitlines()[-1])
    assert {path: accuracy for path, (_, accuracy) in scores.items()} == pytest.approx(expected)


def test_it_is_compiled_with_the_optimizer_it_was_trained_with(small: Make, split: Split) -> None:
    config = small(optimizer={"name": "sgd", "learning_rate": 0.25})
    model = with_preprocessing(built(config, split)[0], config, {})
    assert isinstance(model.optimizer, keras.optimizers.SGD) and float(model.optimizer.learning_rate) == 0.25


def test_a_warm_up_that_keras_does_not_have_is_left_out(small: Make, split: Split) -> None:
    rate = {"name": "exponential_decay", "initial_learning_rate": 0.1, "decay_steps": 5, "decay_rate": 0.9}
    config = small(optimizer={"name": "sgd", "learning_rate": {**rate, "warmup": 9}})
    model = with_preprocessing(built(config, split)[0], config, {})
    assert float(model.optimizer.learning_rate) == pytest.approx(0.1)


def test_what_was_fitted_is_not_trained_on(small: Make, split: Split) -> None:
    config = small(preprocessing=CASES["pca"][0])
    net, _, learned = built(config, split)
    model = with_preprocessing(net, config, learned)
    model.fit(split.test.images, split.test.labels, verbose=0)
    np.testing.assert_array_equal(model.get_layer("pca").kernel, learned["components"].T)


def test_components_that_are_not_those_of_the_network_are_refused(small: Make, split: Split) -> None:
    config = small(preprocessing=CASES["pca"][0])
    net, inputs, learned = built(config, split)
    fewer = {**learned, "components": learned["components"][1:]}
    count = inputs.shape[1]
    with pytest.raises(ConfigError, match=rf"pca: gives inputs of shape \({count - 1},\), but the network takes"):
        with_preprocessing(net, config, fewer)
