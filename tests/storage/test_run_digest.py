import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from mnist_sweeps.config.schema import Config, Conv, Data, Model, RunKey, Training
from mnist_sweeps.storage import run_digest

Make = Callable[..., Config]
Settings = dict[str, Any]

TWO = {"model.hidden": [8, 4]}
CNN = {"model.conv.filters": [4, 8]}
NORMAL = {"name": "random_normal", "stddev": 0.05}
L2 = {"name": "l2", "l2": 1e-4}
PATIENT = {"training.early_stopping.patience": 3}

SAME = [
    pytest.param({**TWO, "model.dropout": 0}, {**TWO, "model.dropout": 0.0}, id="0 and 0.0"),
    pytest.param({**TWO, "model.dropout": 0}, {**TWO, "model.dropout": [0, 0.0]}, id="0 and a list of zeros"),
    pytest.param(
        {**TWO, "model.batch_norm": True}, {**TWO, "model.batch_norm": [True, True]}, id="a list of one value"
    ),
    pytest.param({**CNN, "model.conv.kernel_size": 3}, {**CNN, "model.conv.kernel_size": [3, 3]}, id="kernel sizes"),
    pytest.param(
        {**TWO, "initializer": NORMAL},
        {**TWO, "initializer": {**NORMAL, "stddev": [0.05, 0.05]}},
        id="stddev per layer",
    ),
    pytest.param({}, {"model.conv.kernel_size": 5, "model.conv.dropout": 0.5}, id="convolutions that are not there"),
    pytest.param(
        {"model.hidden": [], "initializer": NORMAL}, {"model.hidden": [], "model.dropout": 0.9}, id="no hidden layers"
    ),
    pytest.param(
        {**CNN, "model.conv.pool_padding": "same"}, {**CNN, "model.conv.pool_padding": "valid"}, id="no poolings"
    ),
    pytest.param(
        {"optimizer": {"name": "sgd", "learning_rate": 1, "momentum": 0}},
        {"optimizer": {"momentum": 0.0, "name": "sgd", "learning_rate": 1.0}},
        id="the order of keys, integers for floats",
    ),
    pytest.param(
        {"optimizer": {"name": "sgd", "learning_rate": {"name": "cosine_decay", "decay_steps": 10}}},
        {"optimizer": {"name": "sgd", "learning_rate": {"decay_steps": 10.0, "name": "cosine_decay"}}},
        id="numbers of a schedule",
    ),
    pytest.param(
        {**TWO, "model.kernel_regularizer": L2},
        {**TWO, "model.kernel_regularizer": [L2, {"l2": 1e-4, "name": "l2"}]},
        id="a regularizer for each layer",
    ),
    pytest.param(TWO, {**TWO, "model.kernel_regularizer": [None, None]}, id="no regularizers"),
    pytest.param({}, {"model.conv.kernel_regularizer": L2}, id="a regularizer of convolutions that are not there"),
    pytest.param({}, {"training.early_stopping.monitor": "loss"}, id="early stopping that is off"),
    pytest.param({}, {"device": "gpu:1", "backend": "jax", "engine": "fit", "threads": 7, "workers": 3}, id="machine"),
    pytest.param({}, {"seeds": [0, 5, 9]}, id="other seeds beside it"),
    pytest.param({}, {"keep_models": "none"}, id="kept models"),
    pytest.param(
        {"training.class_weight": {8: 2}}, {"training.class_weight": {"8": 2.0}}, id="labels as run.json has them"
    ),
    pytest.param({}, {"training.augmentation.zoom": 0}, id="augmentation that is off"),
    pytest.param({}, {"keep_state": True, "continue_from": "outputs/short"}, id="states"),
    pytest.param({}, {"training.reduce_on_plateau.factor": 0.5}, id="factor of no reduction"),
    pytest.param(CNN, {**CNN, "model.conv.pool": "average", "model.conv.pool_size": 3}, id="kind of no poolings"),
    pytest.param(CNN, {**CNN, "model.conv.strides": [1, 1.0]}, id="strides of 1"),
    pytest.param(CNN, {**CNN, "model.conv.separable": [False, False]}, id="no separable convolutions"),
    pytest.param({}, {"model.residual": False}, id="no residual connections"),
    pytest.param(
        {"training.metrics": ["auc", {"name": "f1_score"}]},
        {"training.metrics": ["f1_score", "auc"]},
        id="order of metrics",
    ),
    pytest.param({}, {"training.metrics": []}, id="no metrics"),
    pytest.param({}, {"training.evaluate_train": False}, id="training images not evaluated"),
    pytest.param({}, {"tracker": "mlflow"}, id="tracker"),
    pytest.param({}, {"data.evaluate": ["clean"]}, id="clean test images"),
    pytest.param({"data.evaluate": ["noisy", "rotated"]}, {"data.evaluate": ["rotated", "noisy"]}, id="order of kinds"),
    pytest.param({"data.name": "mnist"}, {"data.name": "mnist", "data.path": "/elsewhere/mnist.npz"}, id="path"),
]

DIFFERENT = [
    pytest.param({}, {"precision": "mixed_bfloat16"}, id="precision"),
    pytest.param({}, {"model.hidden": [256, 512]}, id="widths"),
    pytest.param(TWO, {**TWO, "model.activation": "tanh"}, id="activation"),
    pytest.param(TWO, {**TWO, "model.batch_norm": True}, id="batch norm"),
    pytest.param(TWO, {**TWO, "model.dropout": [0, 0.5]}, id="dropout of one layer"),
    pytest.param({}, {"model.input_dropout": 0.2}, id="input dropout"),
    pytest.param(TWO, {**TWO, "model.kernel_regularizer": L2}, id="regularizer"),
    pytest.param(CNN, {**CNN, "model.conv.kernel_regularizer": [None, L2]}, id="regularizer of one convolution"),
    pytest.param({}, CNN, id="convolutions"),
    pytest.param(CNN, {**CNN, "model.conv.strides": [1, 2]}, id="strides"),
    pytest.param(CNN, {**CNN, "model.conv.separable": [False, True]}, id="separable convolution"),
    pytest.param(TWO, {**TWO, "model.residual": True}, id="residual connections"),
    pytest.param(CNN, {**CNN, "model.conv.global_pooling": "max"}, id="global pooling"),
    pytest.param(TWO, {**TWO, "model.normalization": {"name": "layer_normalization"}}, id="normalization"),
    pytest.param(CNN, {**CNN, "model.conv.padding": "same"}, id="padding"),
    pytest.param(CNN, {**CNN, "model.conv.pool_after": [1]}, id="pooling"),
    pytest.param({}, {"optimizer": {"name": "sgd", "learning_rate": 0.001}}, id="optimizer"),
    pytest.param({}, {"optimizer": {"name": "adam", "learning_rate": 0.002}}, id="learning rate"),
    pytest.param(TWO, {**TWO, "initializer": NORMAL}, id="initializer"),
    pytest.param({}, {"output_initializer": NORMAL}, id="output initializer"),
    pytest.param({}, {"preprocessing": {"name": "normalize"}}, id="preprocessing"),
    pytest.param({}, {"data.name": "mnist"}, id="data set"),
    pytest.param({}, {"data.train_size": 4000}, id="training images"),
    pytest.param({}, {"data.name": "digits"}, id="8 x 8 digits"),
    pytest.param({}, {"data.evaluate": ["rotated"]}, id="corrupted test images"),
    pytest.param({}, {"data.test_size": 500}, id="test images"),
    pytest.param({}, {"data.validation": "test"}, id="validation"),
    pytest.param({}, {"data.holdout": "first"}, id="holdout"),
    pytest.param({}, {"data.folds": 3}, id="folds"),
    pytest.param({"data.folds": 2}, {"data.folds": 3}, id="number of folds"),
    pytest.param({}, {"training.epochs": 21}, id="epochs"),
    pytest.param({}, {"training.batch_size": 64}, id="batch size"),
    pytest.param({}, {"training.label_smoothing": 0.1}, id="label smoothing"),
    pytest.param({}, PATIENT, id="early stopping"),
    pytest.param(PATIENT, {**PATIENT, "training.early_stopping.restore_best": True}, id="restoring the best"),
    pytest.param(PATIENT, {**PATIENT, "training.early_stopping.start_from_epoch": 2}, id="stopping later"),
    pytest.param({}, {"training.loss": "mean_squared_error"}, id="loss"),
    pytest.param({}, {"training.metrics": ["f1_score"]}, id="metrics"),
    pytest.param({}, {"training.evaluate_train": True}, id="training images evaluated"),
    pytest.param({}, {"training.time_limit": "2 min"}, id="time limit"),
    pytest.param({}, {"training.class_weight": "balanced"}, id="class weights"),
    pytest.param({}, {"training.augmentation.zoom": 0.1}, id="augmentation"),
    pytest.param({}, {"training.reduce_on_plateau.patience": 2}, id="reduced learning rate"),
    pytest.param(
        {"training.reduce_on_plateau.patience": 2},
        {"training.reduce_on_plateau.patience": 2, "training.reduce_on_plateau.factor": 0.5},
        id="reduced otherwise",
    ),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_the_same_estimate_has_the_same_digest(configured: Make, one: Settings, other: Settings) -> None:
    assert run_digest.digest(configured(one), RunKey(0)) == run_digest.digest(configured(other), RunKey(0))


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_another_estimate_has_another_digest(configured: Make, one: Settings, other: Settings) -> None:
    assert run_digest.digest(configured(one), RunKey(0)) != run_digest.digest(configured(other), RunKey(0))


def test_another_seed_has_another_digest(configured: Make) -> None:
    assert len({run_digest.digest(configured(), RunKey(seed)) for seed in (0, 1, 10)}) == 3


def test_another_fold_has_another_digest(configured: Make) -> None:
    config = configured({"data.folds": 2})
    assert len({run_digest.digest(config, run) for run in config.runs}) == 2


def test_the_digests_of_the_runs_that_were_trained_before_there_were_folds(configured: Make) -> None:
    assert run_digest.digest(configured(), RunKey(0)) == "8ea9f4cb4a3a1fc9"
    of_004 = {"data.name": "mnist", "data.validation": 5000, "data.holdout": "first", "training.batch_size": 32}
    deep = {
        "model.hidden": [32, 16],
        "model.dropout": [0, 0.5],
        "model.conv.filters": [8],
        "model.conv.pool_after": [1],
    }
    patient = {"training.epochs": 30, "training.early_stopping.patience": 2}
    assert run_digest.digest(configured({**of_004, **deep, **patient}), RunKey(1)) == "685df68bbf86c95c"


def test_a_digest_is_the_same_in_every_process(configured: Make) -> None:
    code = (
        "from mnist_sweeps.config import schema; from mnist_sweeps.storage import run_digest; "
        "print(run_digest.digest(schema.Config(), schema.RunKey(0)))"
    )
    child = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert child.stdout.strip() == run_digest.digest(configured(), RunKey(0))


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (Config(), []),
        (Config(seeds=9, device="cpu", threads=1, backend="jax", keep_models="all"), []),
        (Config(training=Training(epochs=5)), ["epochs"]),
        (Config(model=Model(hidden=[64, 32], dropout=0.5)), ["dropout"]),
        (Config(model=Model(hidden=[64, 32], kernel_regularizer={"name": "l2"})), ["kernel_regularizer"]),
        (Config(model=Model(hidden=[64, 16])), ["hidden"]),
        (Config(model=Model(hidden=[64, 32, 16])), ["hidden"]),
        (Config(model=Model(hidden=[64])), ["hidden"]),
        (Config(model=Model(hidden=[64, 16, 8])), ["hidden (depth)", "hidden (widths)"]),
        (Config(optimizer={"name": "sgd", "learning_rate": 0.1, "momentum": 0.9}), ["optimizer"]),
        (Config(optimizer={"name": "adam", "learning_rate": 0.1}), ["optimizer.learning_rate"]),
        (Config(initializer={"name": "random_normal", "stddev": 0.1}), ["initializer"]),
        (Config(model=Model(conv=Conv(filters=[8]))), ["model"]),
        (Config(model=Model()), ["model"]),
        (Config(data=Data(test_size=100, validation=0.2)), ["test_size", "validation"]),
        (Config(data=Data(name="mnist")), ["name"]),
        (Config(preprocessing={"name": "pca", "variance": 0.9}), ["preprocessing"]),
        (
            Config(training=Training(epochs=5), optimizer={"name": "sgd", "learning_rate": 0.1}),
            ["optimizer", "epochs"],
        ),
    ],
)  # fmt: skip
def test_changes_are_named_as_in_the_sweep_file(after: Config, expected: list[str]) -> None:
    if after.model == Model() and expected != ["model"]:
        after.model = Model(hidden=[64, 32])
    assert run_digest.changes(Config(model=Model(hidden=[64, 32])), after) == expected


def test_settings_of_layers_that_come_or_go_are_no_change_of_their_own() -> None:
    """From softmax regression to a hidden layer: the activation and the initializer come with it."""
    assert run_digest.changes(Config(), Config(model=Model(hidden=[8], activation="tanh"))) == ["model"]
    assert run_digest.changes(Config(model=Model(hidden=[8])), Config()) == ["model"]
