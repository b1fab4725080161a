"""JSON Schemas agree with the program: what one refuses, the other refuses, too."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator
from omegaconf import OmegaConf
from omegaconf.errors import OmegaConfBaseException

from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.config.schema import Config, Conv, Model
from mnist_sweeps.config.validate import check
from mnist_sweeps.planning import compose, conf_paths, json_schema
from mnist_sweeps.planning.explain_errors import explain
from mnist_sweeps.planning.planner import plan
from mnist_sweeps.planning.section_schemas import dotted, section_keys

SHIPPED = sorted(conf_paths.shipped().rglob("*.yaml"))


@pytest.fixture(scope="module")
def validators() -> dict[str, Draft7Validator]:
    documents = json_schema.documents([conf_paths.shipped()])
    for document in documents.values():
        Draft7Validator.check_schema(document)
    return {name: Draft7Validator(document) for name, document in documents.items()}


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_shipped_file_is_valid(validators: dict[str, Draft7Validator], path: Path) -> None:
    kind = "config" if path.name == "config.yaml" else path.parent.name
    assert [error.message for error in validators[kind].iter_errors(read(path))] == []


WRONG_SWEEPS = {
    "misspelled key": "variant: {a: {}}",
    "misspelled setting": "variants: {a: {model.hiden: [3]}}",
    "misspelled key of a section": "variants: {a: {model: {hiden: [3]}}}",
    "wrong type": "variants: {a: {training.epochs: many}}",
    "wrong type of a variant": "variants: {a: 3}",
    "unknown option": "variants: {a: {optimizer: sdg}}",
    "unknown word": "variants: {a: {data.holdout: last}}",
    "rate above 1": "variants: {a: {model.dropout: 1.5}}",
    "rate of a layer above 1": "variants: {a: {model.dropout: [0.5, 1.5]}}",
    "setting of the whole sweep": "variants: {a: {device: cpu}}",
    "grid without values": "grid: {optimizer: []}",
    "grid of no list": "grid: {optimizer: sgd}",
    "margin in words": "margin: wide",
    "unknown relation": "variants: {a: {}, b: {seeds: 2}}\nclaims: [{row: b, is: worse, says: so}]",
    "unknown metric": "variants: {a: {}, b: {seeds: 2}}\nclaims: [{row: b, is: lower, metric: acuracy, says: so}]",
    "misspelled key of a claim": "variants: {a: {}, b: {seeds: 2}}\nclaims: [{row: b, is: lower, sais: so, says: so}]",
    "claim without a sentence": "variants: {a: {}, b: {seeds: 2}}\nclaims: [{row: b, is: lower}]",
    "relation without its value": "variants: {a: {}}\nclaims: [{row: a, is: at least, says: so}]",
    "relation without its margin": "variants: {a: {}, b: {}}\nclaims: [{row: b, is: same, metric: seconds, says: so}]",
    "search without a space": "search: {trials: 3}",
    "unknown sampler": 'search: {trials: 3, sampler: tep, space: {training.epochs: "choice(1, 2)"}}',
    "space of another word": 'search: {trials: 3, space: {training.epochs: "chioce(1, 2)"}}',
    "search with variants": 'variants: {a: {}}\nsearch: {trials: 3, space: {training.epochs: "choice(1, 2)"}}',
}


@pytest.mark.parametrize("content", WRONG_SWEEPS.values(), ids=WRONG_SWEEPS.keys())
def test_a_wrong_sweep_file_is_refused_by_the_schema_and_by_the_program(
    validators: dict[str, Draft7Validator], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str
) -> None:
    path = tmp_path / "conf" / "sweep" / "mine.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(content)
    monkeypatch.chdir(tmp_path)
    assert not validators["sweep"].is_valid(read(path))
    with pytest.raises(Exception) as refused, compose.session():
        plan(["sweep=mine"])
    explain(refused.value)  # raises what is no fault of the configuration


WRONG_OPTIONS = {
    "misspelled key": ("model", "hidden: [8]\nactivaton: relu"),
    "misspelled key of a section": ("model", "conv: {filter: [8]}"),
    "scalar for a list": ("model", "hidden: 8"),
    "wrong type": ("training", "epochs: many"),
    "unknown padding": ("model", "conv: {filters: [8], padding: full}"),
    "no path": ("data", "path: [a]"),
}


@pytest.mark.parametrize(("group", "content"), WRONG_OPTIONS.values(), ids=WRONG_OPTIONS.keys())
def test_a_wrong_option_is_refused_by_the_schema_and_by_the_program(
    validators: dict[str, Draft7Validator], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, group: str, content: str
) -> None:
    path = tmp_path / "conf" / group / "mine.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(content)
    monkeypatch.chdir(tmp_path)
    assert not validators[group].is_valid(read(path))
    with pytest.raises(Exception) as refused, compose.session():
        plan([f"{group}=mine"])
    explain(refused.value)


def test_settings_that_are_not_listed_one_by_one_are_valid(validators: dict[str, Draft7Validator]) -> None:
    sweep = {
        "common": {"device": "gpu:1", "optimizer": {"name": "HeNormal", "learning_rate": {"name": "cosine_decay"}}},
        "variants": {"a": {"model.hidden.0": 8, "optimizer.beta_1": 0.8, "initializer.stddev": [0.1, 0.2]}},
        "grid": {"model.dropout": [0, [0.5, 0.1]], "model": ["mlp", "softmax"]},
        "compare": {"a, 0, mlp": "a"},
    }
    assert [error.message for error in validators["sweep"].iter_errors(sweep)] == []


PROBES: list[Any] = [
    *(0, 1, 2, 9, 10, 60_001, -1, 0.0, 0.1, 0.999, 1.5, -0.5, True, False, None),
    *("auto", "relu", "valid", "full", "none", "test", "first", "gpu:1", "gpu:", "cpu:1", "best", "jax", "fit", "loss"),
    *([], [0], [1], [1, 1], [0, 1], [0.5], [0.5, 0.2], ["same"], ["relu"], [True], [1.5], {"name": "elu"}, {"a": 1}),
]  # fmt: skip
DECIDED_LATER = {"data.name", "data.path", "model.activation", "model.conv.activation"}  # by the data, and by Keras
CHECKED = [
    key
    for key, schema in dotted(section_keys(Config()))
    if schema.get("type") != "object" and not key.startswith(compose.FREE) and key not in DECIDED_LATER
]


@pytest.mark.parametrize("key", CHECKED)
def test_what_a_key_takes_is_what_the_check_lets_pass(key: str) -> None:
    validator = Draft7Validator(dict(dotted(section_keys(Config())))[key])
    probes = [value for value in PROBES if is_taken_as_it_stands(key, value)]
    assert [value for value in probes if validator.is_valid(value) != passes(key, value)] == []
    assert {validator.is_valid(value) for value in PROBES} == {True, False}


def is_taken_as_it_stands(key: str, value: Any) -> bool:
    """Whether OmegaConf neither refuses nor converts the value before it is checked."""
    composed = OmegaConf.structured(compose.Schema)
    try:
        OmegaConf.update(composed, key, value)
    except OmegaConfBaseException:
        return False
    taken = OmegaConf.to_container(composed)
    for part in key.split("."):
        taken = taken[part]  # type: ignore[index, call-overload]
    return repr(taken) == repr(value)


def passes(key: str, value: Any) -> bool:
    """Whether the check has no fault of the key, in a network with as many layers as the value has entries."""
    layers = len(value) if isinstance(value, list) else 2
    conv = Conv(filters=[8] * layers, pool_after=list(range(1, layers + 1)))
    config = Config(model=Model(hidden=[8] * layers, conv=conv))
    config.training.early_stopping.patience = 1
    section: Any = config
    *sections, name = key.split(".")
    for part in sections:
        section = getattr(section, part)
    setattr(section, name, value)
    try:
        check(config)
    except ConfigError as error:
        return not any(line.startswith(f"{key}=") for line in str(error).splitlines())
    return True


def test_every_key_of_a_configuration_has_a_default_that_is_valid() -> None:
    for key, schema in dotted(section_keys(Config())):
        if "default" in schema:
            assert Draft7Validator(schema).is_valid(schema["default"]), key


def test_the_words_behind_a_field_are_the_description() -> None:
    keys = dict(dotted(section_keys(Config())))
    assert keys["model.conv.pool_after"]["description"] == "1-based layers that a 2x2 max-pooling follows"
    assert keys["training"]["description"]


def test_the_same_options_give_the_same_bytes(tmp_path: Path) -> None:
    json_schema.write(tmp_path / "one", [conf_paths.shipped()])
    json_schema.write(tmp_path / "two", [conf_paths.shipped()])
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()
        assert json.loads(path.read_text())["$schema"].endswith("draft-07/schema#")


def read(path: Path) -> Any:
    """The content as the program reads it: numbers like 1e-4 are numbers, unlike in PyYAML."""
    return OmegaConf.to_container(OmegaConf.load(path))
