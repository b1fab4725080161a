"""Settings that need another one are named where it is missing."""

import pytest

from mnist_sweeps.config.schema import Config, Conv, Data, EarlyStopping, Model, ReduceOnPlateau, Training
from mnist_sweeps.config.unused import unused_settings

PATIENCE = "has no effect without training.early_stopping.patience"


def stopping(**settings: object) -> Config:
    return Config(training=Training(early_stopping=EarlyStopping(**settings)))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("config", "sentences"),
    [
        pytest.param(Config(), [], id="defaults"),
        pytest.param(
            stopping(restore_best=True), [f"training.early_stopping.restore_best=true {PATIENCE}"], id="no patience"
        ),
        pytest.param(stopping(restore_best=True, patience=3), [], id="patience"),
        pytest.param(stopping(min_delta=0.1), [f"training.early_stopping.min_delta=0.1 {PATIENCE}"], id="min_delta"),
        pytest.param(
            Config(training=Training(reduce_on_plateau=ReduceOnPlateau(factor=0.5))),
            ["training.reduce_on_plateau.factor=0.5 has no effect without training.reduce_on_plateau.patience"],
            id="no patience for the learning rate",
        ),
        pytest.param(
            Config(model=Model(dropout=0.3, kernel_regularizer={"name": "l2"})),
            [
                "model.dropout=0.3 has no effect without model.hidden",
                "model.kernel_regularizer={'name': 'l2'} has no effect without model.hidden",
            ],
            id="no hidden layers",
        ),
        pytest.param(Config(model=Model(hidden=[8], dropout=0.3)), [], id="hidden layers"),
        pytest.param(
            Config(initializer={"name": "zeros"}),
            ["initializer={'name': 'zeros'} has no effect without model.hidden or model.conv.filters"],
            id="no layer before the output",
        ),
        pytest.param(
            Config(model=Model(conv=Conv(padding="same"))),
            ["model.conv.padding=same has no effect without model.conv.filters"],
            id="no convolutions",
        ),
        pytest.param(
            Config(model=Model(conv=Conv(filters=[4], pool_padding="same"))),
            ["model.conv.pool_padding=same has no effect without model.conv.pool_after"],
            id="no pooling",
        ),
        pytest.param(Config(model=Model(conv=Conv(filters=[4], padding="same"))), [], id="convolutions"),
        pytest.param(
            Config(data=Data(validation="test", holdout="first")),
            ["data.holdout=first has no effect without a data.validation that holds images out"],
            id="validation on the test set",
        ),
        pytest.param(
            Config(data=Data(validation="none", holdout="first")),
            ["data.holdout=first has no effect without a data.validation that holds images out"],
            id="no validation",
        ),
        pytest.param(Config(data=Data(validation="test")), [], id="nothing is held out by default"),
        pytest.param(Config(data=Data(holdout="first")), [], id="the first images are held out"),
        pytest.param(
            Config(model=Model(conv=Conv(activation="SELU"))),
            ["model.conv.activation=SELU has no effect without model.conv.filters"],
            id="a value as it was written",
        ),
    ],
)
def test_settings_without_effect(config: Config, sentences: list[str]) -> None:
    assert list(unused_settings(config)) == sentences
