from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import pytest

from mnist_sweeps.config.schema import Config, Conv, Model
from mnist_sweeps.data.dataset import Split
from mnist_sweeps.models import network
from mnist_sweeps.training.activations import last_hidden
from mnist_sweeps.training.inputs import prepare
from mnist_sweeps.training.trainer import Trainer

Make = Callable[..., Config]

INPUTS = np.random.default_rng(0).random((1200, 784)).astype(np.float32)  # more than a batch


@pytest.mark.parametrize(
    ("model", "layer"),
    [
        pytest.param(Model(hidden=[2]), "hidden_1", id="two units"),
        pytest.param(Model(hidden=[8, 1], activation="sigmoid"), "hidden_2", id="one unit after others"),
        pytest.param(Model(hidden=[2], batch_norm=True, dropout=0.5), "hidden_1", id="before batch norm and dropout"),
        pytest.param(Model(hidden=[2, 2], residual=True), "hidden_2", id="before a residual connection"),
        pytest.param(
            Model(hidden=[2], activation={"name": "leaky_relu"}), "hidden_1_activation", id="after an activation layer"
        ),
    ],
)
def test_activations_are_those_of_a_keras_sub_model(small: Make, model: Model, layer: str) -> None:
    built = network.build(small(model=model), (784,), 3)
    assert layer in [one.name for one in built.layers]
    for norm in (one for one in built.layers if isinstance(one, keras.layers.BatchNormalization)):
        norm.beta.assign(np.ones(2))  # untrained, it changes nothing
    expected = keras.Model(built.inputs, built.get_layer(layer).output).predict(INPUTS, verbose=0)
    found = last_hidden(built, INPUTS)
    assert found is not None
    assert found.dtype == np.float16
    np.testing.assert_allclose(found, expected, rtol=2e-3, atol=1e-3)


@pytest.mark.parametrize(
    ("model", "shape"),
    [
        pytest.param(Model(hidden=[3]), (784,), id="wider than a plane"),
        pytest.param(Model(hidden=[2, 8]), (784,), id="narrow, but not the last"),
        pytest.param(Model(), (784,), id="no hidden layer"),
        pytest.param(Model(conv=Conv(filters=[2])), (28, 28), id="convolutions alone"),
    ],
)
def test_others_keep_none(small: Make, model: Model, shape: tuple[int, ...]) -> None:
    assert last_hidden(network.build(small(model=model), shape, 0), INPUTS.reshape(-1, *shape)) is None


def test_overflow_is_infinite_and_no_warning(small: Make) -> None:
    built = network.build(small(model=Model(hidden=[1])), (784,), 0)
    built.layers[0].kernel.assign(np.full((784, 1), 1e6, np.float32))
    found: Any = last_hidden(built, INPUTS[:5])
    assert np.isinf(found).all()


def test_a_training_hands_out_the_activations_of_its_trained_network(small: Make, split: Split) -> None:
    config = small(model=Model(hidden=[2]))
    arrays = prepare(config, split)
    trained = Trainer(config, arrays).train(0, lambda epoch, logs: None)
    assert trained.activations is not None
    assert trained.activations.shape == (100, 2)
    output = trained.model.get_layer("output")
    likely = keras.ops.convert_to_numpy(output(trained.activations.astype(np.float32)))
    np.testing.assert_allclose(likely, trained.probabilities, atol=5e-3)
    assert trained.examples is arrays.examples
