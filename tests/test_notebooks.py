"""The nets of the five notebooks, against what the package builds and what the shipped sweeps ask."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from mnist_sweeps.config.schema import Config, Conv, EarlyStopping, Model
from mnist_sweeps.config.sweep_spec import flattened
from mnist_sweeps.models import inspection, keras_objects, network
from mnist_sweeps.models.layer_settings import layer_settings
from mnist_sweeps.models.sequential_settings import sequential_settings
from mnist_sweeps.planning.compose import groups, session
from mnist_sweeps.planning.composer import Composer
from mnist_sweeps.planning.planner import plan
from mnist_sweeps.planning.sweep_plan import PlannedVariant, SweepPlan
from mnist_sweeps.storage import run_digest
from mnist_sweeps.training.loss import loss_of

Fact = dict[str, Any]

FACTS: dict[str, Fact] = yaml.safe_load((Path(__file__).parent / "facts" / "notebooks.yaml").read_text())
NETS = [pytest.param(fact, id=name) for name, fact in FACTS.items() if "layers" in fact]
POINTS = [
    pytest.param(fact, point, id=f"{name}-{point['hidden']}")
    for name, fact in FACTS.items()
    for point in fact.get("search", {}).get("points", ())
]
ROWS = [pytest.param(fact, id=name) for name, fact in FACTS.items() if "row" in fact]


def test_the_search_of_a_notebook_is_a_sweep() -> None:
    fact = FACTS["000-search-hyperas-tpe"]
    asked = fact["search"]
    found = planned(fact["sweep"])
    search = found.sweep.search
    assert search is not None and (search.trials, search.sampler) == (asked["trials"], asked["sampler"])
    choices = {key: f"choice({', '.join(map(str, asked[key]))})" for key in ("hidden", "learning_rate", "batch_size")}
    assert search.space == {
        "model.hidden.0": choices["hidden"], "model.hidden.1": choices["hidden"],
        "model.dropout.0": "interval(0, 1)", "model.dropout.1": "interval(0, 1)",
        "optimizer.learning_rate": choices["learning_rate"], "training.batch_size": choices["batch_size"],
    }  # fmt: skip
    config = found.rows[0].config
    assert (config.training.epochs, config.data.validation) == (fact["training"]["epochs"], fact["split"]["validation"])
    assert (config.initializer["name"], config.optimizer["name"]) == ("glorot_uniform", "adam")
    assert config.model.batch_norm is True


@pytest.mark.parametrize("fact", NETS)
def test_builds_the_net_that_a_notebook_trained(fact: Fact) -> None:
    model = network.build(described(fact["layers"]), tuple(fact["input"]), seed=0)
    assert layers_of(model) == list(expected(fact["layers"]))
    assert inspection.parameters(model) == fact["parameters"]


@pytest.mark.parametrize(("fact", "point"), POINTS)
def test_counts_the_parameters_of_a_search_space(fact: Fact, point: dict[str, Any]) -> None:
    blocks = "dropout" in fact["search"]  # the search of 000 has batch norm and dropout in every block
    config = Config(model=Model(hidden=point["hidden"], batch_norm=blocks, dropout=0.5 if blocks else 0.0))
    assert inspection.parameters(network.build(config, tuple(fact["input"]), seed=0)) == point["parameters"]


@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")  # Keras's get_config on JAX
@pytest.mark.parametrize("fact", ROWS)
def test_a_shipped_row_trains_what_the_notebook_trained(fact: Fact) -> None:
    config = row_of(fact).config
    model = network.build(config, tuple(fact["input"]), seed=0)
    assert layers_of(model) == list(expected(fact["layers"]))
    assert inspection.parameters(model) == fact["parameters"]
    optimizer, trained = keras_objects.optimizer(config.optimizer), optimizer_of(fact)
    assert type(optimizer).__name__.lower() == trained.pop("name")
    built = optimizer.get_config()
    assert {key: built[key] for key in trained} == pytest.approx(trained, rel=1e-6, abs=0)
    training, stopping = fact["training"], config.training.early_stopping
    assert (config.training.batch_size, config.training.epochs) == (training["batch_size"], training["epochs"])
    assert stopping == EarlyStopping(monitor="val_loss", patience=training.get("patience"))


@pytest.mark.slow
@pytest.mark.parametrize("fact", ROWS)
def test_the_settings_of_a_notebooks_model_compose_to_its_row(fact: Fact) -> None:
    config = row_of(fact).config
    model = network.build(config, tuple(fact["input"]), seed=0)
    model.compile(keras_objects.optimizer(config.optimizer), loss_of(config.training))
    again = composed(sequential_settings(model))
    assert model_keys(again) == model_keys(config)
    assert (again.training.loss, again.output_initializer) == (config.training.loss, config.output_initializer)
    assert layer_settings(network.build(again, tuple(fact["input"]), seed=0)) == layer_settings(model)
    optimizer = keras_objects.optimizer({**again.optimizer})
    optimizer.name = model.optimizer.name  # Keras numbers them
    assert optimizer.get_config() == model.optimizer.get_config()


@pytest.mark.slow
@pytest.mark.parametrize(("fact", "point"), POINTS)
def test_the_settings_of_a_model_in_a_search_space_compose_to_it(fact: Fact, point: dict[str, Any]) -> None:
    blocks = "dropout" in fact["search"]
    config = Config(model=Model(hidden=point["hidden"], batch_norm=blocks, dropout=[0.652, 0.1] if blocks else 0.0))
    model = network.build(config, tuple(fact["input"]), seed=0)
    assert model_keys(composed(sequential_settings(model))) == model_keys(config)


def model_keys(config: Config) -> dict[str, Any]:
    """What a digest says of the network."""
    return {key: value for key, value in run_digest.estimated(config).items() if key.startswith("model.")}


def composed(settings: dict[str, Any]) -> Config:
    """The variant whose sweep file says this of it."""
    read = yaml.safe_load(yaml.safe_dump(settings))
    with session():
        return composer().variant(flattened(read))[1]


@cache
def composer() -> Composer:
    return Composer(groups())


@pytest.mark.parametrize("fact", ROWS)
def test_a_shipped_row_sees_what_the_notebook_saw(fact: Fact) -> None:
    config = row_of(fact).config
    data = config.data
    assert config.preprocessing["name"] == fact["preprocessing"]
    assert (data.name, data.train_size, data.test_size) == ("mnist", None, None)
    split = fact["split"]
    held = split["validation"] if "holdout" in split else 0  # the first ones, where a notebook held any out
    assert (split["train"] + held, split["test"]) == (60_000, 10_000)
    assert data.validation == split["validation"]
    assert "holdout" not in split or data.holdout == split["holdout"]


@pytest.mark.parametrize("fact", ROWS)
def test_a_shipped_row_stands_beside_what_the_notebook_printed(fact: Fact) -> None:
    sweep, row = fact["row"]
    reference = planned(sweep).sweep.reference
    printed = dict(zip(reference["columns"], reference.get(row, []), strict=False))
    assert {key: value for key, value in printed.items() if value is not None} == {
        key: pytest.approx(value, abs=5.1e-6) for key, value in fact["printed"].items() if value is not None
    }


def test_every_net_is_a_row() -> None:
    assert len(FACTS) == 44
    asked = {tuple(fact["row"]) for fact in FACTS.values() if "row" in fact}
    assert len(asked) == len(NETS) == 42


def test_repeated_rows_of_notebook_003_train_once() -> None:
    same = {row.name: row.same_as for row in planned("sgd_variations").rows if row.same_as}
    assert same == {
        "32-32, momentum that never applied": "32-32",
        "32-32, batch 32, rate 0.09 that never applied": "32-32, batch 32",
    }


def test_the_grid_of_notebook_004_is_a_sweep() -> None:
    fact = FACTS["004-grid-neurons"]
    asked, split, training = planned(fact["sweep"]), fact["split"], fact["training"]
    accuracy = fact["search"]["accuracy"]
    assert [row.name for row in asked.rows] == [str(width) for width in accuracy]
    for row, width in zip(asked.rows, accuracy, strict=True):
        model, data = row.config.model, row.config.data
        assert (model.hidden, model.activation, model.batch_norm, model.dropout) == ([width], "relu", False, 0.0)
        assert (data.validation, data.holdout, data.folds) == (split["validation"], split["holdout"], split["folds"])
        assert (data.name, data.train_size, data.test_size) == ("mnist", None, None)
        assert (row.config.training.epochs, row.config.training.batch_size) == (training["epochs"], 32)
        assert row.config.training.early_stopping == EarlyStopping(patience=training["patience"])
        assert (row.config.initializer["name"], row.config.preprocessing["name"]) == ("glorot_uniform", "scaled")
        assert asked.sweep.reference[row.name] == [pytest.approx(accuracy[width], abs=1e-6)]
        trained = optimizer_of(fact)
        assert trained.pop("name") == row.config.optimizer["name"]
        built = keras_objects.optimizer(row.config.optimizer).get_config()
        assert {key: built[key] for key in trained} == pytest.approx(trained, rel=1e-6, abs=0)
    assert asked.sweep.baseline == str(fact["search"]["best"]["hidden"])


def optimizer_of(fact: Fact) -> dict[str, Any]:
    """As Keras 3 computes it: Keras 2 added RMSprop's epsilon to the root, which is its square inside of it."""
    trained = dict(fact["optimizer"])
    return {**trained, "epsilon": trained["epsilon"] ** 2} if trained["name"] == "rmsprop" else trained


@cache
def planned(sweep: str) -> SweepPlan:
    with session():
        return plan([f"sweep={sweep}"])


def row_of(fact: Fact) -> PlannedVariant:
    sweep, name = fact["row"]
    return next(row for row in planned(sweep).rows if row.name == name)


def described(layers: list[Fact]) -> Config:
    """The config that asks for these layers, each setting written out for every layer."""
    hidden = [block for block in layers[:-1] if "dense" in block]
    convs = [block for block in layers if "conv" in block]
    pooled = [number for number, block in enumerate(convs, start=1) if "pool" in block]
    conv = Conv(
        filters=each(convs, "conv"),
        kernel_size=each(convs, "kernel_size"),
        padding=each(convs, "padding"),
        activation=each(convs, "activation"),
        pool_after=pooled,
        pool_padding=[convs[number - 1]["pool"] for number in pooled],
        dropout=each(convs, "dropout", 0.0),
    )
    model = Model(
        hidden=each(hidden, "dense"),
        activation=each(hidden, "activation"),
        batch_norm=each(hidden, "batch_norm", False),
        dropout=each(hidden, "dropout", 0.0),
        input_dropout=layers[0].get("input_dropout", 0.0),
        conv=conv,
    )
    keywords = [initializer(block) for block in [*convs, *hidden]] or [{"name": "he_normal"}]
    merged = {key: [keyword[key] for keyword in keywords] for key in keywords[0]}
    return Config(model=model, initializer={**merged, "name": keywords[0]["name"]})


def each(blocks: list[Fact], key: str, default: Any = None) -> list[Any]:
    return [block.get(key, default) for block in blocks]


def initializer(block: Fact) -> dict[str, Any]:
    init = block["init"]
    return dict(init) if isinstance(init, Mapping) else {"name": init}


def expected(layers: list[Fact]) -> Iterator[dict[str, Any]]:
    """The Keras layers that the facts describe, in their order."""
    for block in layers:
        if block is layers[-1] and any("conv" in other for other in layers):
            yield {"class": "Flatten"}
        for key, value in block.items():
            if key == "conv":
                moved = {"kernel_size": (block["kernel_size"],) * 2, "strides": (1, 1)}
                kernel = {"filters": value, **moved, "padding": block["padding"]}
                yield {"class": "Conv2D", **kernel, **activated(block)}
            elif key == "dense":
                yield {"class": "Dense", "units": value, **activated(block)}
            elif key == "batch_norm":
                yield {"class": "BatchNormalization", "momentum": 0.99, "epsilon": 0.001}
            elif key == "pool":
                yield {"class": "MaxPooling2D", "pool_size": (2, 2), "strides": (2, 2), "padding": value}
            elif key in ("dropout", "input_dropout"):
                yield {"class": "Dropout", "rate": value}


def activated(block: Fact) -> dict[str, Any]:
    return {"activation": block["activation"], "init": initializer(block)}


def layers_of(model: Any) -> list[dict[str, Any]]:
    """The layers as built, with their initializers as the facts write them."""
    effective = inspection.effective(model)
    layers = []
    for layer in effective["layers"]:
        told = {key: value for key, value in layer.items() if key not in ("output_shape", "parameters")}
        settings = {key: tuple(value) if isinstance(value, list) else value for key, value in told.items()}
        if built := effective["initializers"].get(settings.pop("name")):
            snake_case = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", built["name"]).lower()
            told = {key: built[key] for key in ("minval", "maxval", "stddev") if key in built}
            settings["init"] = {"name": snake_case, **told}
        layers.append(settings)
    return layers
