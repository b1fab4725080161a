from collections.abc import Callable
from typing import Any

import pytest

from mnist_sweeps.config.schema import Config
from mnist_sweeps.config.validate import check

Make = Callable[[dict[str, Any]], Config]
Refusal = Callable[[dict[str, Any]], str]

GOOD = [
    pytest.param({}, id="defaults"),
    pytest.param({"model.hidden": [], "model.dropout": 0.9}, id="softmax regression"),
    pytest.param(
        {"model.hidden": [5, 4], "model.dropout": [0, 0.5], "model.batch_norm": [True, False]}, id="per layer"
    ),
    pytest.param({"model.activation": {"name": "leaky_relu", "negative_slope": 0.1}}, id="activation with keywords"),
    pytest.param(
        {"model.conv.filters": [4, 8], "model.conv.pool_after": [2], "model.conv.pool_padding": ["same"]}, id="conv"
    ),
    pytest.param({"data.validation": "none"}, id="no validation"),
    pytest.param({"data.validation": "test"}, id="validation on the test set"),
    pytest.param({"data.validation": 400, "data.holdout": "first"}, id="a count held out"),
    pytest.param({"data.folds": 2, "data.validation": 400}, id="folds"),
    pytest.param({"data.evaluate": ["clean", "low_contrast"]}, id="corrupted test images"),
    pytest.param({"data.train_size": 10, "data.test_size": 10}, id="one image of each digit"),
    pytest.param({"seeds": [5, 0]}, id="a list of seeds"),
    pytest.param({"device": "cpu", "engine": "compiled", "workers": 2}, id="two workers"),
    pytest.param({"device": "gpu:3", "threads": 1, "backend": "jax", "keep_models": "all"}, id="machine"),
]

WHOLE = "expected a whole number of at least 1"
RATE = "expected a rate of at least 0 and below 1"
REGULARIZER = "expected null, or a mapping with a name: {name: l2, l2: 1.0e-4}"
NAME = "expected a name of a Keras activation"
SEEDS = "expected a count of at least 1, a list of whole numbers like [0, 1, 2], or until decided"
DEVICE = "expected auto, cpu, gpu, or gpu:N"
VALIDATION = "expected none, test, a count of images, or a fraction between 0 and 1"
EVERY_KIND = "blurred, clean, low_contrast, noisy, rotated, translated"
KINDS = "expected a list of different kinds of test images: [clean, rotated]"
FOLDS = "expected a whole number of at least 2, or null for no folds"
DENSE = "hidden layers (model.hidden); give one for each, or a single value"
CONVS = "convolutions (model.conv.filters); give one for each, or a single value"
POOLS = "poolings (model.conv.pool_after); give one for each, or a single value"
CONV = {"model.conv.filters": [4, 8], "model.conv.pool_after": [2]}
LAYER_NORM = {"name": "layer_normalization"}

FAULTS = [
    # model
    ({"model.hidden": [512, 0]}, f"model.hidden=0: {WHOLE}"),
    ({"model.hidden": [512, 2.5]}, f"model.hidden=2.5: {WHOLE}"),
    ({"model.hidden": [1, True]}, f"model.hidden=True: {WHOLE}"),
    ({"model.hidden": [4], "model.activation": 5}, f"model.activation=5: {NAME}"),
    ({"model.hidden": [4], "model.activation": [["relu"]]}, f"model.activation=['relu']: {NAME}"),
    ({"model.hidden": [4], "model.activation": ["relu", "tanh"]},
     f"model.activation=['relu', 'tanh']: 2 entries for 1 {DENSE}"),
    ({"model.hidden": [4], "model.batch_norm": 7}, "model.batch_norm=7: expected true or false"),
    ({"model.hidden": [4, 4], "model.batch_norm": [True, 1]}, "model.batch_norm=1: expected true or false"),
    ({"model.hidden": [4, 4], "model.batch_norm": [True]}, f"model.batch_norm=[True]: 1 entries for 2 {DENSE}"),
    ({"model.hidden": [4], "model.dropout": 1.0}, f"model.dropout=1.0: {RATE}"),
    ({"model.hidden": [4], "model.dropout": -0.1}, f"model.dropout=-0.1: {RATE}"),
    ({"model.hidden": [4], "model.dropout": False}, f"model.dropout=False: {RATE}"),
    ({"model.hidden": [4, 4], "model.dropout": [2, 2]}, f"model.dropout=2: {RATE}"),  # said once
    ({"model.hidden": [4], "model.dropout": [0.5, 0.5]}, f"model.dropout=[0.5, 0.5]: 2 entries for 1 {DENSE}"),
    ({"model.hidden": [4], "model.kernel_regularizer": "l2"}, f"model.kernel_regularizer=l2: {REGULARIZER}"),
    ({"model.hidden": [4, 4], "model.kernel_regularizer": [None, {"l2": 0.1}]},
     f"model.kernel_regularizer={{'l2': 0.1}}: {REGULARIZER}"),
    ({"model.input_dropout": 1.5}, f"model.input_dropout=1.5: {RATE}"),
    ({"model.input_dropout": [0.1, 0.2]},
     "model.input_dropout=[0.1, 0.2]: 2 entries for 1 input; give one for each, or a single value"),
    # model.conv
    ({"model.conv.filters": [0]}, f"model.conv.filters=0: {WHOLE}"),
    ({**CONV, "model.conv.kernel_size": 0}, f"model.conv.kernel_size=0: {WHOLE}"),
    ({**CONV, "model.conv.kernel_size": [3]}, f"model.conv.kernel_size=[3]: 1 entries for 2 {CONVS}"),
    ({**CONV, "model.conv.padding": "full"}, "model.conv.padding=full: expected valid or same"),
    ({**CONV, "model.conv.activation": None}, f"model.conv.activation=None: {NAME}"),
    ({**CONV, "model.conv.batch_norm": "yes"}, "model.conv.batch_norm=yes: expected true or false"),
    ({**CONV, "model.conv.dropout": [0.1, 3]}, f"model.conv.dropout=3: {RATE}"),
    *(({**CONV, f"model.conv.{key}": [value]}, f"model.conv.{key}=[{value!r}]: 1 entries for 2 {CONVS}")
      for key, value in (("padding", "same"), ("activation", "relu"), ("batch_norm", True), ("dropout", 0.1))),
    ({**CONV, "model.conv.pool_padding": "half"}, "model.conv.pool_padding=half: expected valid or same"),
    ({**CONV, "model.conv.pool_padding": ["same", "same"]},
     f"model.conv.pool_padding=['same', 'same']: 2 entries for 1 {POOLS}"),
    ({**CONV, "model.conv.pool": "mean"}, "model.conv.pool=mean: expected max or average"),
    ({**CONV, "model.conv.global_pooling": "mean"},
     "model.conv.global_pooling=mean: allowed: average, max, null"),
    ({"model.hidden": [4, 4], "model.batch_norm": [True, False], "model.normalization": LAYER_NORM},
     "model.normalization={'name': 'layer_normalization'}: goes in place of model.batch_norm=[True, False]; "
     "set model.batch_norm=false there"),
    ({"model.hidden": [4], "model.normalization": {**LAYER_NORM, "position": "first"}},
     "model.normalization={'name': 'layer_normalization', 'position': 'first'}: expected null, or a mapping with a "
     "name, and position before or after: {name: layer_normalization}"),
    ({**CONV, "model.conv.pool_after": [3]}, "model.conv.pool_after=[3]: expected different layers from 1 to 2"),
    ({**CONV, "model.conv.pool_after": [0]}, "model.conv.pool_after=[0]: expected different layers from 1 to 2"),
    ({**CONV, "model.conv.pool_after": [1, 1]}, "model.conv.pool_after=[1, 1]: expected different layers from 1 to 2"),
    # data
    ({"data.train_size": 9}, "data.train_size=9: expected at least 10 images, one for each digit"),
    ({"data.test_size": 100.0}, "data.test_size=100.0: expected at least 10 images, one for each digit"),
    ({"data.holdout": "frist"}, "data.holdout=frist: did you mean first? allowed: first, stratified"),
    ({"data.validation": 0}, f"data.validation=0: {VALIDATION}"),
    ({"data.validation": 0.0}, f"data.validation=0.0: {VALIDATION}"),
    ({"data.validation": 1.0}, f"data.validation=1.0: {VALIDATION}"),
    ({"data.validation": True}, f"data.validation=True: {VALIDATION}"),
    ({"data.validation": None}, f"data.validation=None: {VALIDATION}"),
    ({"data.folds": 1}, f"data.folds=1: {FOLDS}"),
    ({"data.evaluate": "rotated"}, f"data.evaluate=rotated: {KINDS}"),
    ({"data.evaluate": ["noisy", "noisy"]}, f"data.evaluate=['noisy', 'noisy']: {KINDS}"),
    ({"data.evaluate": ["rotatd"]}, f"data.evaluate=rotatd: did you mean rotated? allowed: {EVERY_KIND}"),
    ({"data.folds": 2.0}, f"data.folds=2.0: {FOLDS}"),
    ({"data.folds": True}, f"data.folds=True: {FOLDS}"),
    # what runs
    ({"seeds": 0}, f"seeds=0: {SEEDS}"),
    ({"seeds": []}, f"seeds=[]: {SEEDS}"),
    ({"seeds": [-1]}, f"seeds=[-1]: {SEEDS}"),
    ({"seeds": "3"}, f"seeds='3': {SEEDS}"),
    ({"seeds": [1, 1]}, "seeds=[1, 1]: expected different seeds"),
    ({"precision": "bfloat16"},
     "precision=bfloat16: did you mean mixed_bfloat16? allowed: float32, mixed_bfloat16, mixed_float16"),
    ({"backend": "torch"}, "backend=torch: allowed: auto, jax, tensorflow"),
    ({"engine": "fitt"}, "engine=fitt: did you mean fit? allowed: auto, compiled, fit"),
    ({"keep_models": "al"}, "keep_models=al: did you mean all? allowed: all, best, none"),
    ({"keep_state": True, "optimizer": {"name": "adam", "use_ema": True}},
     "keep_state=true: keeps no averaged weights; train without optimizer.use_ema, or without keep_state"),
    ({"tracker": ["mlflow", "tensorbord"]},
     "tracker=tensorbord: did you mean tensorboard? "
     "allowed: mlflow, tensorboard, wandb; a list for several, null for none"),
    ({"device": "tpu"}, f"device=tpu: {DEVICE}"),
    ({"device": "cpu:1"}, f"device=cpu:1: {DEVICE}"),
    ({"device": "gpu:"}, f"device=gpu:: {DEVICE}"),
    ({"device": "gpu:one"}, f"device=gpu:one: {DEVICE}"),
    ({"threads": 0}, f"threads=0: {WHOLE}"),
    ({"workers": 0}, f"workers=0: {WHOLE}, or auto"),
    # names
    *(({key: {"name": False}}, f"{key}.name=False: expected a name in words (quote it if YAML reads it otherwise)")
      for key in ("optimizer", "initializer", "output_initializer", "preprocessing")),
    ({"optimizer": {}}, "optimizer.name=None: expected a name in words (quote it if YAML reads it otherwise)"),
]  # fmt: skip


@pytest.mark.parametrize("settings", GOOD)
def test_a_good_config_passes(configured: Make, settings: dict[str, Any]) -> None:
    check(configured(settings))


@pytest.mark.parametrize(
    ("settings", "line"), [pytest.param(settings, line, id=line.partition(":")[0]) for settings, line in FAULTS]
)
def test_a_fault_is_one_line_with_key_value_and_the_way_out(
    refusal: Refusal, settings: dict[str, Any], line: str
) -> None:
    assert refusal(settings) == line


def test_all_faults_are_said_at_once(refusal: Refusal) -> None:
    said = refusal({"training.epochs": 0, "data.holdout": "last", "seeds": 0})
    assert [line.partition("=")[0] for line in said.splitlines()] == [
        "data.holdout",
        "training.epochs",
        "seeds",
    ]
