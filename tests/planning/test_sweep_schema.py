"""The schema of sweep files refuses what the program refuses."""

from pathlib import Path

import pytest
from jsonschema import Draft7Validator
from omegaconf import OmegaConf

from mnist_sweeps.planning import compose, conf_paths
from mnist_sweeps.planning.explain_errors import explain
from mnist_sweeps.planning.planner import plan
from mnist_sweeps.planning.sweep_schema import sweep_schema


@pytest.fixture(scope="module")
def validator() -> Draft7Validator:
    return Draft7Validator(sweep_schema([conf_paths.shipped()]))


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
    "margin below 0": "margin: -1",
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
    validator: Draft7Validator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str
) -> None:
    path = tmp_path / "conf" / "sweep" / "mine.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(content)
    monkeypatch.chdir(tmp_path)
    assert not validator.is_valid(OmegaConf.to_container(OmegaConf.load(path)))
    with pytest.raises(Exception) as refused, compose.session():
        plan(["sweep=mine"])
    explain(refused.value)  # raises what is no fault of the configuration


def test_settings_that_are_not_listed_one_by_one_are_valid(validator: Draft7Validator) -> None:
    sweep = {
        "common": {"device": "gpu:1", "optimizer": {"name": "HeNormal", "learning_rate": {"name": "cosine_decay"}}},
        "variants": {"a": {"model.hidden.0": 8, "optimizer.beta_1": 0.8, "initializer.stddev": [0.1, 0.2]}},
        "grid": {"model.dropout": [0, [0.5, 0.1]], "model": ["mlp", "softmax"]},
        "compare": {"a, 0, mlp": "a"},
    }
    assert [error.message for error in validator.iter_errors(sweep)] == []
