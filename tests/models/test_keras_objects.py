from typing import Any

import keras
import numpy as np
import pytest

from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.models import keras_objects

INVERSE = {"name": "inverse_time_decay", "initial_learning_rate": 1, "decay_steps": 10, "decay_rate": 2}
EXPONENTIAL = {"name": "exponential_decay", "initial_learning_rate": 1, "decay_steps": 10, "decay_rate": 0.5}
PIECEWISE = {"name": "piecewise_constant_decay", "boundaries": [5], "values": [1, 0.5]}


@pytest.mark.parametrize(
    ("asked", "kind"),
    [
        ("adam", keras.optimizers.Adam),
        ("adamw", keras.optimizers.AdamW),
        ("adam_w", keras.optimizers.AdamW),
        ("rmsprop", keras.optimizers.RMSprop),
        ("SGD", keras.optimizers.SGD),
        ("adadelta", keras.optimizers.Adadelta),
    ],
)
def test_an_optimizer_by_name(asked: str, kind: type) -> None:
    assert type(keras_objects.optimizer({"name": asked})) is kind


def test_what_is_not_said_stays_keras_default() -> None:
    made, default = keras_objects.optimizer({"name": "sgd", "momentum": 0.9}), keras.optimizers.SGD(momentum=0.9)
    assert {**made.get_config(), "name": ""} == {**default.get_config(), "name": ""}


def test_integers_become_floats_where_keras_wants_floats() -> None:
    made = keras_objects.optimizer({"name": "sgd", "learning_rate": 1, "momentum": 0})
    assert (float(made.learning_rate), made.momentum) == (1.0, 0.0)
    assert isinstance(made.momentum, float)


@pytest.mark.parametrize(
    ("schedule", "step", "rate"),
    [
        pytest.param(INVERSE, 5, 1 / (1 + 2 * 5 / 10), id="inverse_time_decay"),
        pytest.param(EXPONENTIAL, 5, 0.5**0.5, id="exponential_decay"),
        pytest.param(EXPONENTIAL, 20, 0.25, id="exponential_decay, later"),
        pytest.param(PIECEWISE, 3, 1.0, id="piecewise_constant_decay"),
        pytest.param(PIECEWISE, 7, 0.5, id="piecewise_constant_decay, later"),
    ],
)
def test_a_schedule_gives_the_rate_of_its_formula(schedule: dict[str, Any], step: int, rate: float) -> None:
    made = keras_objects.optimizer({"name": "sgd", "learning_rate": schedule})
    made.build([keras.Variable(np.zeros(1, np.float32))])
    made.iterations.assign(step)
    assert float(made.learning_rate) == pytest.approx(rate, rel=1e-6)


def test_each_optimizer_is_fresh() -> None:
    assert keras_objects.optimizer({"name": "adam"}) is not keras_objects.optimizer({"name": "adam"})


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        pytest.param({"name": "adamm"}, "optimizer.name=adamm: no Keras optimizer; did you mean adam? ", id="name"),
        pytest.param(
            {"name": "sgd", "momentun": 0.9},
            "optimizer.momentun=0.9: sgd has no such keyword; did you mean momentum? ",
            id="keyword",
        ),
        pytest.param({"name": "sgd", "momentum": "much"}, "optimizer.momentum=much: expected a number", id="text"),
        pytest.param(
            {"name": "sgd", "momentum": 2},
            "optimizer={'name': 'sgd', 'momentum': 2}: Keras refuses it: `momentum` must be",
            id="value",
        ),
        *(
            pytest.param(
                {"name": "sgd", "learning_rate": rate},
                f"optimizer.learning_rate={rate}: expected a number above 0, or a schedule like {{name: ",
                id=f"learning_rate {rate}",
            )
            for rate in (0, -0.1, True, "fast")
        ),
        pytest.param(
            {"name": "sgd", "learning_rate": {**INVERSE, "name": "inverse_decay"}},
            "optimizer.learning_rate.name=inverse_decay: no Keras schedule; did you mean inverse_time_decay? ",
            id="schedule",
        ),
        pytest.param(
            {"name": "sgd", "learning_rate": {**INVERSE, "decay": 1}},
            "optimizer.learning_rate.decay=1.0: inverse_time_decay has no such keyword; did you mean decay_rate? ",
            id="keyword of a schedule",
        ),
        pytest.param(
            {"name": "sgd", "learning_rate": {"name": "exponential_decay"}},
            "optimizer.learning_rate={'name': 'exponential_decay'}: Keras refuses it: ",
            id="a schedule without its keywords",
        ),
    ],
)
def test_optimizer_refuses(asked: dict[str, Any], said: str) -> None:
    with pytest.raises(ConfigError) as raised:
        keras_objects.optimizer(asked)
    assert str(raised.value).startswith(said)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("asked", "kind"),
    [
        pytest.param({"name": "he_normal"}, keras.initializers.HeNormal, id="he_normal"),
        pytest.param({"name": "random_normal", "stddev": 1}, keras.initializers.RandomNormal, id="random_normal"),
        pytest.param({"name": "zeros"}, keras.initializers.Zeros, id="zeros, which takes no seed"),
    ],
)
def test_an_initializer_by_name(asked: dict[str, Any], kind: type) -> None:
    assert type(keras_objects.initializer("initializer", asked, 5)) is kind


def test_an_initializer_draws_by_its_seed() -> None:
    draws = [
        np.asarray(keras_objects.initializer("initializer", {"name": "he_normal"}, seed)((4, 3))) for seed in (5, 5, 6)
    ]
    assert np.array_equal(draws[0], draws[1])
    assert not np.array_equal(draws[0], draws[2])


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        pytest.param(
            {"name": "he_norm"},
            "output_initializer.name=he_norm: no Keras initializer; did you mean he_normal? ",
            id="name",
        ),
        pytest.param(
            {"name": "random_normal", "stdev": 1},
            "output_initializer.stdev=1: random_normal has no such keyword; did you mean stddev? ",
            id="keyword",
        ),
    ],
)
def test_initializer_refuses(asked: dict[str, Any], said: str) -> None:
    with pytest.raises(ConfigError) as raised:
        keras_objects.initializer("output_initializer", asked, 0)
    assert str(raised.value).startswith(said)


def test_an_activation_by_name_or_with_keywords() -> None:
    layer = keras_objects.activation("model.activation", {"name": "leaky_relu", "negative_slope": 1}, 0)
    assert keras_objects.activation("model.activation", "relu", 0) == "relu"
    assert isinstance(layer, keras.layers.LeakyReLU)
    assert layer.negative_slope == 1.0


@pytest.mark.parametrize(
    ("value", "said"),
    [
        pytest.param("rleu", "model.activation=rleu: no Keras activation; did you mean relu? allowed: ", id="name"),
        pytest.param("glu", "model.activation=glu: changes the number of units", id="another shape"),
        pytest.param("threshold", "model.activation=threshold: needs threshold, default_value", id="arguments"),
        pytest.param("get", "model.activation=get: no Keras activation; allowed: ", id="a function, no activation"),
        pytest.param(
            {"name": "leaky_relu", "alpha": 0.1},
            "model.activation.alpha=0.1: leaky_relu has no such keyword; allowed: negative_slope",
            id="keyword",
        ),
    ],
)
def test_activation_refuses(value: Any, said: str) -> None:
    with pytest.raises(ConfigError) as raised:
        keras_objects.activation("model.activation", value, 0)
    assert str(raised.value).startswith(said)


def test_a_regularizer_by_name_and_none_where_there_is_none() -> None:
    created = keras_objects.regularizer("model.kernel_regularizer", {"name": "l1_l2", "l1": 1, "l2": 0.5}, rank=2)
    assert created is not None
    assert created.get_config() == {"l1": 1.0, "l2": 0.5}
    assert keras_objects.regularizer("model.kernel_regularizer", None, rank=2) is None


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        (
            {"name": "l3"},
            "model.kernel_regularizer.name=l3: no Keras regularizer; ",
        ),
        ({"name": "l2", "l1": 0.1}, "model.kernel_regularizer.l1=0.1: l2 has no such keyword; allowed: l2"),
        ({"name": "l2", "l2": "much"}, "model.kernel_regularizer.l2=much: expected a number"),
        ({"name": "l2", "l2": -1}, "model.kernel_regularizer={'name': 'l2', 'l2': -1}: Keras refuses it: "),
        (
            {"name": "orthogonal_regularizer"},
            "model.kernel_regularizer={'name': 'orthogonal_regularizer'}: Keras refuses it: Inputs to "
            "OrthogonalRegularizer must have rank 2.",
        ),
    ],
)
def test_a_regularizer_that_a_convolution_cannot_have_is_refused(spec: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError) as refused:
        keras_objects.regularizer("model.kernel_regularizer", spec, rank=4)
    assert str(refused.value).startswith(message)
    assert "\n" not in str(refused.value)
