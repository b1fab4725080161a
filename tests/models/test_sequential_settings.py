"""A Sequential model as settings: what they say, and the layer that is named where nothing says it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import pytest
from keras import layers

from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.models import network
from mnist_sweeps.models.layer_settings import layer_settings
from mnist_sweeps.models.sequential_settings import sequential_settings

ConfigOf = Callable[..., Any]


def sequential(*of: keras.Layer, shape: tuple[int, ...] = (784,)) -> keras.Sequential:
    return keras.Sequential([keras.Input(shape), *of, layers.Dense(10, "softmax")])


def test_a_convnet_as_keras_documents_it() -> None:
    model = sequential(
        layers.Conv2D(8, (3, 3), activation="relu"),
        layers.MaxPooling2D((2, 2)),
        layers.Conv2D(16, 3, padding="same", strides=2),
        layers.Activation("tanh"),
        layers.Flatten(),
        layers.Dropout(0.5),
        shape=(28, 28, 1),
    )
    model.compile("sgd", "sparse_categorical_crossentropy")
    settings = sequential_settings(model)
    assert settings["model"]["conv"] == {
        "filters": [8, 16],
        "strides": [1, 2],
        "padding": ["valid", "same"],
        "activation": ["relu", "tanh"],
        "pool_after": [1],
        "dropout": [0.0, 0.5],
    }
    assert settings["optimizer"] == {"name": "sgd", "learning_rate": 0.01}
    assert settings["training"] == {"loss": "categorical_crossentropy"}


@pytest.mark.parametrize("first", [[layers.Rescaling, layers.Flatten], [layers.Flatten, layers.Rescaling]])
def test_a_model_of_raw_pixels_that_gives_logits(first: list[type[keras.Layer]]) -> None:
    scaling = [kind(1 / 255) if kind is layers.Rescaling else kind() for kind in first]
    model = keras.Sequential([keras.Input((28, 28)), *scaling, layers.Dense(16, "relu"), layers.Dense(10)])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile("adam", loss)
    settings = sequential_settings(model)
    assert (settings["model"]["hidden"], settings["training"]) == ([16], {"loss": "categorical_crossentropy"})
    model.compile("adam", "sparse_categorical_crossentropy")
    with pytest.raises(ConfigError, match=r"dense_?\d*, Dense\): activation=linear: no key sets it; expected softmax"):
        sequential_settings(model)
    model.layers[-1].activation = keras.activations.softmax
    model.compile("adam", loss)
    with pytest.raises(ConfigError, match=r"loss=categorical_crossentropy: from_logits=true: no key sets it"):
        sequential_settings(model)


def test_another_scaling_is_refused() -> None:
    with pytest.raises(ConfigError, match=r"layer 0 \(rescaling.*, Rescaling\): no key describes it at this place"):
        sequential_settings(sequential(layers.Rescaling(1 / 127.5, offset=-1), layers.Flatten(), shape=(28, 28)))


def test_separable_convolutions_with_kernels_of_equal_settings() -> None:
    penalty = keras.regularizers.L2(0.1)
    kernels = {f"{kind}_regularizer": penalty for kind in ("depthwise", "pointwise")}
    first = layers.SeparableConv2D(8, 3, activation="relu", **kernels)
    model = sequential(first, layers.Conv2D(8, 3, activation="relu"), layers.Flatten(), shape=(28, 28, 1))
    assert sequential_settings(model)["model"]["conv"] == {
        "filters": [8, 8],
        "separable": [True, False],
        "kernel_regularizer": [{"name": "l2", "l2": 0.1}, None],
    }
    first = layers.SeparableConv2D(8, 3, activation="relu", depthwise_regularizer=penalty)
    with pytest.raises(ConfigError, match=r"SeparableConv2D\): pointwise_regularizer=None: no key sets it; expected"):
        sequential_settings(sequential(first, layers.Flatten(), shape=(28, 28, 1)))


def test_a_dense_network_with_flatten_activations_and_normalizations() -> None:
    normal = keras.initializers.RandomNormal
    model = sequential(
        layers.Flatten(),
        layers.Dropout(0.1),
        layers.Dense(16, kernel_initializer=normal(stddev=0.2), kernel_regularizer=keras.regularizers.L2(1e-4)),
        layers.BatchNormalization(),
        layers.LeakyReLU(negative_slope=0.1),
        layers.Dense(8, "relu", kernel_initializer=normal(), kernel_constraint=keras.constraints.MaxNorm(3)),
        layers.LayerNormalization(),
        layers.Dropout(0.3),
        shape=(28, 28),
    )
    assert sequential_settings(model) == {
        "model": {
            "hidden": [16, 8],
            "activation": [{"name": "leaky_relu", "negative_slope": 0.1}, "relu"],
            "batch_norm": False,
            "normalization": [{"name": "batch_normalization", "position": "before"}, {"name": "layer_normalization"}],
            "dropout": [0.0, 0.3],
            "input_dropout": 0.1,
            "kernel_regularizer": [{"name": "l2", "l2": 1e-4}, None],
            "kernel_constraint": [None, {"name": "max_norm", "max_value": 3}],
        },
        "initializer": {"name": "random_normal", "stddev": [0.2, 0.05]},
    }


def test_a_schedule_and_a_smoothed_loss() -> None:
    model = sequential()
    schedule = keras.optimizers.schedules.ExponentialDecay(0.01, 100, 0.9)
    loss = keras.losses.CategoricalCrossentropy(label_smoothing=0.1)
    model.compile(keras.optimizers.Adam(schedule, beta_1=0.8), loss)
    settings = sequential_settings(model)
    decay = {"name": "exponential_decay", "initial_learning_rate": 0.01, "decay_steps": 100, "decay_rate": 0.9}
    assert settings["optimizer"] == {"name": "adam", "learning_rate": decay, "beta_1": 0.8}
    assert settings["training"] == {"loss": "categorical_crossentropy", "label_smoothing": 0.1}


@pytest.mark.parametrize(
    ("layer", "fault"),
    [
        (
            layers.Dense(8, use_bias=False, name="a"),
            "layer 0 (a, Dense): use_bias=false: no key sets it; expected true",
        ),
        (layers.Dense(8, bias_initializer="ones", name="a"), "layer 0 (a, Dense): bias_initializer={'name': 'Ones'}"),
        (layers.Reshape((784,), name="a"), "layer 0 (a, Reshape): no key describes it at this place; expected"),
        (layers.Dense(8, trainable=False, name="a"), "layer 0 (a, Dense): trainable=false"),
    ],
)
def test_a_layer_without_words_is_named_with_its_setting(layer: keras.Layer, fault: str) -> None:
    with pytest.raises(ConfigError) as error:
        sequential_settings(sequential(layer))
    assert str(error.value).startswith(fault)


def test_a_kernel_that_is_not_square_is_refused() -> None:
    model = sequential(layers.Conv2D(4, (3, 5), name="a"), layers.Flatten(), shape=(28, 28, 1))
    with pytest.raises(ConfigError, match=r"layer 0 \(a, Conv2D\): kernel_size=\[3, 5\]"):
        sequential_settings(model)


def test_a_dense_layer_on_images_that_are_not_flattened_is_refused() -> None:
    model = sequential(layers.Dense(8, name="a"), shape=(28, 28))
    with pytest.raises(ConfigError, match=r"layer 0 \(a, Dense\): output_shape=\[28, 8\]"):
        sequential_settings(model)


def test_two_initializers_are_refused() -> None:
    model = sequential(layers.Dense(8, kernel_initializer="he_normal", name="a"), layers.Dense(8, name="b"))
    with pytest.raises(ConfigError, match=r"layer 1 \(b, Dense\): kernel_initializer=glorot_uniform: layer 0 \(a"):
        sequential_settings(model)


@pytest.mark.parametrize(
    ("loss", "fault"),
    [
        (keras.losses.SparseCategoricalCrossentropy(from_logits=True), "loss=categorical_crossentropy: from_logits="),
        ("mae", "loss=mean_absolute_error: no key sets it; expected one of"),
    ],
)
def test_a_loss_without_words_is_refused(loss: Any, fault: str) -> None:
    model = sequential()
    model.compile("adam", loss)
    with pytest.raises(ConfigError, match=fault):
        sequential_settings(model)


def test_what_is_no_sequential_model_or_has_no_shape_is_refused() -> None:
    inputs = keras.Input((4,))
    with pytest.raises(ConfigError, match=r"^Functional: expected a keras\.Sequential"):
        sequential_settings(keras.Model(inputs, inputs))
    with pytest.raises(ConfigError, match=r"^Sequential: has no input shape"):
        sequential_settings(keras.Sequential([layers.Dense(10)]))


def test_a_saved_model_is_read_back(small: ConfigOf, tmp_path: Path) -> None:
    model = network.build(small(precision="mixed_bfloat16"), (28, 28), seed=0)
    model.save(tmp_path / "net.keras")
    settings = sequential_settings(keras.saving.load_model(tmp_path / "net.keras"))
    assert settings["precision"] == "mixed_bfloat16"
    assert settings["model"]["hidden"] == [16]


def test_a_model_in_float16_has_the_optimizer_whose_loss_is_scaled(small: ConfigOf) -> None:
    model = network.build(small(precision="mixed_float16"), (28, 28), seed=0)
    model.compile(keras.mixed_precision.LossScaleOptimizer(keras.optimizers.Adam()), "categorical_crossentropy")
    settings = sequential_settings(model)
    assert (settings["precision"], settings["optimizer"]["name"]) == ("mixed_float16", "adam")
    model.compile("adam", "categorical_crossentropy", auto_scale_loss=False)
    with pytest.raises(ConfigError, match=r"^optimizer=Adam: no key sets its loss scaling"):
        sequential_settings(model)


def test_layers_are_counted_as_the_model_has_them() -> None:
    found = layer_settings(sequential(layers.Flatten(name="a"), layers.Dense(4, name="b"), layers.Activation("relu")))
    assert str(found[0]) == "layer 1 (b, Dense)"
    assert found[0].settings["activation"] == "relu"
