"""JSON Schemas agree with the program: what one refuses, the other refuses, too."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator
from omegaconf import OmegaConf

from mnist_sweeps.planning import compose, conf_paths, json_schema
from mnist_sweeps.planning.explain_errors import explain
from mnist_sweeps.planning.planner import plan

SHIPPED = sorted(conf_paths.shipped().rglob("*.yaml"))


@pytest.fixture(scope="module")
def validators() -> dict[str, Draft7Validator]:
    documents = json_schema.documents([conf_paths.shipped()])
    for document in documents.values():
        Draft7Validator.check_schema(document)
    return {name: Draft7Validator(document) for name, document in documents.items()}


def as_json(content: Any) -> Any:
    """As an editor validates it: JSON's keys are text, those of `class_weight: {8: 2.0}`, too."""
    return json.loads(json.dumps(content))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_shipped_file_is_valid(validators: dict[str, Draft7Validator], path: Path) -> None:
    kind = "config" if path.name == "config.yaml" else path.parent.name
    assert [error.message for error in validators[kind].iter_errors(as_json(read(path)))] == []


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


def test_the_same_options_give_the_same_bytes(tmp_path: Path) -> None:
    json_schema.write(tmp_path / "one", [conf_paths.shipped()])
    json_schema.write(tmp_path / "two", [conf_paths.shipped()])
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()
        assert json.loads(path.read_text())["$schema"].endswith("draft-07/schema#")


def read(path: Path) -> Any:
    """The content as the program reads it: numbers like 1e-4 are numbers, unlike in PyYAML."""
    return OmegaConf.to_container(OmegaConf.load(path))
