from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import pytest
from tests.networks import CNN, built

from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.config.schema import Config
from mnist_sweeps.models import inspection, network

Make = Callable[[dict[str, Any]], Config]


def kernel(model: keras.Sequential, name: str) -> Any:
    return keras.ops.convert_to_numpy(model.get_layer(name).kernel)


# order and names


def test_a_dense_block_is_dense_activation_batch_norm_dropout(configured: Make) -> None:
    config = configured({"model.hidden": [5, 4], "model.batch_norm": [True, False], "model.dropout": [0.3, 0.4]})
    model = built(config)
    assert [(type(layer).__name__, layer.name) for layer in model.layers] == [
        ("Dense", "hidden_1"),
        ("BatchNormalization", "hidden_1_batch_norm"),
        ("Dropout", "hidden_1_dropout"),
        ("Dense", "hidden_2"),
        ("Dropout", "hidden_2_dropout"),
        ("Dense", "output"),
    ]
    assert model.get_layer("hidden_1").activation is keras.activations.relu
    assert [model.get_layer(f"hidden_{layer}_dropout").rate for layer in (1, 2)] == [0.3, 0.4]
    assert model.get_layer("output").activation is keras.activations.softmax


def test_a_convolution_block_is_conv_activation_batch_norm_pool_dropout(configured: Make) -> None:
    model = built(configured(CNN))
    assert [layer.name for layer in model.layers] == [
        "input_dropout",
        "conv_1",
        "conv_1_batch_norm",
        "conv_1_pool",
        "conv_1_dropout",
        "conv_2",
        "flatten",
        "hidden_1",
        "hidden_1_batch_norm",
        "hidden_1_dropout",
        "output",
    ]
    assert model.get_layer("conv_1").activation is keras.activations.relu


def test_an_activation_with_keywords_is_a_layer_right_after_its_layer(configured: Make) -> None:
    leaky = {"name": "leaky_relu", "negative_slope": 0.1}
    model = built(configured({"model.hidden": [5, 4], "model.activation": ["tanh", leaky], "model.batch_norm": True}))
    names = [layer.name for layer in model.layers]
    assert names[2:5] == ["hidden_2", "hidden_2_activation", "hidden_2_batch_norm"]
    assert model.get_layer("hidden_1").activation is keras.activations.tanh
    assert model.get_layer("hidden_2").activation is keras.activations.linear
    assert model.get_layer("hidden_2_activation").negative_slope == pytest.approx(0.1)


def test_settings_per_convolution_arrive_at_their_layers(configured: Make) -> None:
    settings = {
        "model.conv.filters": [2, 3, 4],
        "model.conv.kernel_size": [5, 3, 2],
        "model.conv.padding": ["same", "valid", "same"],
        "model.conv.activation": ["relu", "tanh", "elu"],
        "model.conv.pool_after": [1, 3],
        "model.conv.pool_padding": ["valid", "same"],
        "model.hidden": [],
    }
    model = built(configured(settings))
    convs = [model.get_layer(f"conv_{number}") for number in (1, 2, 3)]
    assert [layer.kernel_size[0] for layer in convs] == [5, 3, 2]
    assert [layer.padding for layer in convs] == ["same", "valid", "same"]
    assert [layer.activation.__name__ for layer in convs] == ["relu", "tanh", "elu"]
    assert [model.get_layer(f"conv_{number}_pool").padding for number in (1, 3)] == ["valid", "same"]


def test_without_hidden_layers_it_is_softmax_regression(configured: Make) -> None:
    model = built(configured({"model.hidden": []}))
    assert [layer.name for layer in model.layers] == ["output"]
    assert inspection.parameters(model)["total"] == 7850


# initial weights


def test_layers_of_equal_shape_start_with_different_weights(configured: Make) -> None:
    model = built(configured({"model.hidden": [10, 10, 10], "output_initializer": {"name": "he_normal"}}), (10,))
    kernels = [kernel(model, name) for name in ("hidden_1", "hidden_2", "hidden_3", "output")]
    assert len({weights.tobytes() for weights in kernels}) == 4


def test_weights_depend_on_the_seed_and_the_name_of_the_layer_alone(configured: Make) -> None:
    plain = configured({"model.hidden": [8, 8]})
    dressed = configured({"model.hidden": [8, 8, 4], "model.batch_norm": True, "model.dropout": 0.5})
    first, again, other, more = (
        kernel(built(config, seed=seed), "hidden_1")
        for config, seed in ((plain, 0), (plain, 0), (plain, 1), (dressed, 0))
    )
    assert np.array_equal(first, again)
    assert np.array_equal(first, more)
    assert not np.array_equal(first, other)


def test_an_initializer_may_differ_per_layer_convolutions_first(configured: Make) -> None:
    settings = {
        **CNN,
        "model.hidden": [64, 32],
        "initializer": {"name": "random_normal", "stddev": [0.5, 0.01, 0.1, 2]},
    }
    model = built(configured(settings))
    spreads = [kernel(model, name).std() for name in ("conv_1", "conv_2", "hidden_1", "hidden_2")]
    assert spreads == pytest.approx([0.5, 0.01, 0.1, 2], rel=0.25)


def test_hidden_and_output_have_initializers_of_their_own(configured: Make) -> None:
    settings = {"model.hidden": [8], "initializer": {"name": "ones"}, "output_initializer": {"name": "zeros"}}
    model = built(configured(settings))
    assert np.all(kernel(model, "hidden_1") == 1)
    assert np.all(kernel(model, "output") == 0)


def test_a_list_for_another_number_of_layers_is_refused(configured: Make) -> None:
    config = configured({"model.hidden": [8, 8], "initializer": {"name": "random_normal", "stddev": [1, 2, 3]}})
    with pytest.raises(ConfigError, match=r"initializer\.stddev=\[1, 2, 3\]: 3 entries for 2 layers"):
        built(config)


# what does not fit


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        pytest.param(
            {"model.conv.kernel_size": [3, 30]},
            "model.conv.kernel_size=30: layer conv_2 does not fit its input of (26, 26, 4): ",
            id="kernel",
        ),
        pytest.param(
            {"model.conv.kernel_size": [28, 1], "model.conv.pool_after": [1]},
            "model.conv.pool_after=[1]: layer conv_1_pool does not fit its input of (1, 1, 4): ",
            id="pool",
        ),
    ],
)
def test_an_impossible_layer_is_named(configured: Make, settings: dict[str, Any], said: str) -> None:
    with pytest.raises(ConfigError) as raised:
        built(configured({"model.conv.filters": [4, 8], **settings}))
    assert str(raised.value).startswith(said)
    assert "\n" not in str(raised.value)


def test_convolutions_need_pixels(configured: Make) -> None:
    config = configured({"model.conv.filters": [4], "preprocessing": {"name": "pca"}})
    with pytest.raises(ConfigError, match=r"preprocessing\.name=pca: gives 50 numbers an image, but convolutions"):
        built(config, (50,))


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"model.activation": "rleu"}, r"model\.activation=rleu: no Keras activation; did you mean relu"),
        ({"initializer": {"name": "he"}}, r"initializer\.name=he: no Keras initializer"),
        ({"output_initializer": {"name": "he"}}, r"output_initializer\.name=he: no Keras initializer"),
    ],
)
def test_names_that_keras_does_not_have(configured: Make, settings: dict[str, Any], said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        built(configured({"model.hidden": [4], **settings}))


RANDOM_LAYERS = {
    "gaussian_noise": {"stddev": 1.0},
    "gaussian_dropout": {"rate": 0.5},
    "alpha_dropout": {"rate": 0.5},
}


@pytest.mark.parametrize("name", RANDOM_LAYERS)
def test_a_random_layer_as_activation_draws_by_the_seed_of_the_run(configured: Make, name: str) -> None:
    config = configured({"model.hidden": [8], "model.activation": [{"name": name, **RANDOM_LAYERS[name]}]})
    inputs = np.ones((5, 784), np.float32)

    def outputs(seed: int) -> Any:
        model = network.build(config, (28, 28), seed)
        model.set_weights(network.build(config, (28, 28), 0).get_weights())
        return keras.ops.convert_to_numpy(model(inputs, training=True))

    assert np.array_equal(outputs(3), outputs(3))
    assert not np.array_equal(outputs(3), outputs(4))


# normalization, poolings, constraints


def test_a_normalization_stands_before_or_after_the_activation(configured: Make) -> None:
    before = {"name": "group_normalization", "groups": 2, "position": "before"}
    specs = [before, {"name": "layer_normalization", "epsilon": 0.1}, None]
    model = built(configured({"model.hidden": [4, 4, 4], "model.normalization": specs, "model.dropout": 0.5}))
    assert [(type(layer).__name__, layer.name) for layer in model.layers][:7] == [
        ("Dense", "hidden_1"),
        ("GroupNormalization", "hidden_1_normalization"),
        ("Activation", "hidden_1_activation"),
        ("Dropout", "hidden_1_dropout"),
        ("Dense", "hidden_2"),
        ("LayerNormalization", "hidden_2_normalization"),
        ("Dropout", "hidden_2_dropout"),
    ]
    activations = [model.get_layer(name).activation for name in ("hidden_1", "hidden_1_activation", "hidden_2")]
    assert activations == [keras.activations.linear, keras.activations.relu, keras.activations.relu]
    assert (model.get_layer("hidden_1_normalization").groups, model.get_layer("hidden_2_normalization").epsilon) == (
        2,
        0.1,
    )


def test_an_activation_that_is_a_layer_follows_the_normalization(configured: Make) -> None:
    settings = {"model.activation": {"name": "leaky_relu"}, "model.normalization": {"name": "layer_normalization"}}
    for position, kinds in (
        ("before", ["LayerNormalization", "LeakyReLU"]),
        ("after", ["LeakyReLU", "LayerNormalization"]),
    ):
        settings["model.normalization"]["position"] = position
        model = built(configured({"model.hidden": [4], **settings}))
        assert [type(layer).__name__ for layer in model.layers[1:3]] == kinds


def test_strides_and_poolings_are_keras_own(configured: Make) -> None:
    conv = {"filters": [4, 8], "strides": [2, 1], "pool_after": [1, 2], "pool": ["average", "max"], "pool_size": [3, 2]}
    model = built(configured({f"model.conv.{key}": value for key, value in conv.items()}))
    assert [layer.strides for layer in model.layers if isinstance(layer, keras.layers.Conv2D)] == [(2, 2), (1, 1)]
    first, second = (model.get_layer(f"conv_{number}_pool") for number in (1, 2))
    assert (type(first).__name__, first.pool_size) == ("AveragePooling2D", (3, 3))
    assert (type(second).__name__, second.pool_size) == ("MaxPooling2D", (2, 2))


@pytest.mark.parametrize(("kind", "name"), [("max", "GlobalMaxPooling2D"), ("average", "GlobalAveragePooling2D")])
def test_global_pooling_gives_one_number_for_each_filter(configured: Make, kind: str, name: str) -> None:
    model = built(configured({"model.conv.filters": [4, 6], "model.conv.global_pooling": kind}))
    assert type(model.get_layer("global_pooling")).__name__ == name
    assert model.get_layer("global_pooling").output.shape == (None, 6)


def test_constraints_are_read_back(configured: Make) -> None:
    limit = {"name": "max_norm", "max_value": 3}
    model = built(configured({**CNN, "model.kernel_constraint": limit, "model.conv.kernel_constraint": [None, limit]}))
    kept = {"name": "MaxNorm", "max_value": 3, "axis": 0}
    assert inspection.effective(model)["constraints"] == {"conv_2": kept, "hidden_1": kept}


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (
            {"model.normalization": {"name": "layer_norm"}},
            "model.normalization.name=layer_norm: no normalization; did you",
        ),
        ({"model.normalization": {"name": "dropout"}}, "model.normalization.name=dropout: no normalization; allowed"),
        (
            {"model.normalization": {"name": "group_normalization", "groups": 3}},
            "model.normalization: layer hidden_1_normalization does not fit its input",
        ),
        ({"model.kernel_constraint": {"name": "max_nrm"}}, "model.kernel_constraint.name=max_nrm: no Keras constraint"),
    ],
)
def test_what_keras_does_not_have_is_refused(configured: Make, changed: dict[str, Any], said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        built(configured({"model.hidden": [4], **changed}))


# separable convolutions, residual connections

SEPARABLE = {"model.conv.filters": [4, 6], "model.conv.separable": [False, True]}
RESIDUAL = {
    "model.conv.filters": [4, 4, 4],
    "model.conv.padding": "same",
    "model.conv.pool_after": [2],
    "model.conv.batch_norm": True,
    "model.hidden": [8, 8, 4],
    "model.dropout": [0.0, 0.5, 0.0],
    "model.residual": True,
}


def test_a_separable_convolution_has_two_kernels_with_the_settings_of_one(configured: Make) -> None:
    limit, penalty = {"name": "max_norm", "max_value": 3}, {"name": "l2", "l2": 0.5}
    settings = {"model.conv.kernel_regularizer": penalty, "model.conv.kernel_constraint": limit}
    model = built(configured({**SEPARABLE, **settings}))
    layer = model.get_layer("conv_2")
    assert [tuple(kernel.shape) for kernel in (layer.depthwise_kernel, layer.pointwise_kernel)] == [
        (3, 3, 4, 1),
        (1, 1, 4, 6),
    ]
    assert layer.depthwise_regularizer.l2 == layer.pointwise_regularizer.l2 == 0.5
    effective = inspection.effective(model)
    both = {f"conv_2/{kind}": {"name": "MaxNorm", "max_value": 3, "axis": 0} for kind in ("depthwise", "pointwise")}
    assert effective["constraints"] == {"conv_1": both["conv_2/depthwise"], **both}
    seeds = [effective["initializers"][name]["seed"] for name in ("conv_1", *both)]
    assert len(set(seeds)) == 3


def test_the_multiplies_of_a_separable_convolution_are_those_of_both_kernels(configured: Make) -> None:
    model = built(configured({**SEPARABLE, "model.hidden": []}))
    assert inspection.multiplies(model, inspection.CONVOLUTIONS) == 26**2 * 9 * 4 + 24**2 * (9 * 4 + 4 * 6)


def test_a_residual_connection_ends_each_block_of_equal_shapes(configured: Make) -> None:
    model = built(configured(RESIDUAL))
    added = {layer["name"]: layer["adds"] for layer in inspection.effective(model)["layers"] if "adds" in layer}
    assert added == {  # conv_1 has 4 channels for 1, conv_2 ends with a pooling, hidden_1 has 8 values for 784
        "conv_3_residual": ["conv_3_batch_norm", "conv_2_pool"],
        "hidden_2_residual": ["hidden_2_dropout", "hidden_1"],
    }
    assert not isinstance(model, keras.Sequential)
    assert isinstance(built(configured({**RESIDUAL, "model.residual": False})), keras.Sequential)


def test_residual_connections_leave_initial_weights_as_they_are(configured: Make) -> None:
    plain, residual = (built(configured({**RESIDUAL, "model.residual": on})) for on in (False, True))
    assert np.array_equal(kernel(plain, "hidden_2"), kernel(residual, "hidden_2"))
    assert [weight.path for weight in plain.weights] == [weight.path for weight in residual.weights]


def test_the_input_may_be_added_to_the_first_block(configured: Make) -> None:
    model = built(configured({"model.hidden": [7], "model.residual": True}), (7,))
    images = np.random.default_rng(0).random((5, 7)).astype(np.float32)
    added = keras.Function(model.inputs, model.get_layer("hidden_1_residual").output)([images])
    hidden = np.maximum(images @ kernel(model, "hidden_1"), 0)
    np.testing.assert_allclose(np.asarray(added), images + hidden, atol=1e-6)


@pytest.mark.parametrize("settings", [{"model.hidden": [8, 4]}, {"model.hidden": []}, {**CNN, "model.hidden": [4]}])
def test_residual_connections_without_equal_shapes_are_refused(configured: Make, settings: dict[str, Any]) -> None:
    with pytest.raises(
        ConfigError, match=r"model.residual=true: no block has an output of the shape of its input; exp"
    ):
        built(configured({**settings, "model.residual": True}))
