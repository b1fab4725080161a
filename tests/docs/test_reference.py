"""docs/reference.py: the pages of keys and options are what the program allows now."""

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml

from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.config.sweep_spec import SearchSpec
from mnist_sweeps.planning import compose, planner
from mnist_sweeps.planning.composer import Composer

DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture(scope="module")
def reference() -> ModuleType:
    spec = spec_from_file_location("reference", DOCS / "reference.py")
    assert spec and spec.loader
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_reference_pages_are_up_to_date(reference: ModuleType) -> None:
    stale = [str(path) for path, content in reference.pages().items() if path.read_text() != content]
    assert stale == [], "run `make docs`"


@pytest.mark.parametrize("change", [{"trials": None}, {"burst": {"meaning": "none"}}], ids=["missing", "unknown"])
def test_keys_that_differ_from_the_dataclass_stop_the_script(reference: ModuleType, change: dict[str, Any]) -> None:
    written = yaml.safe_load((DOCS / "keys.yaml").read_text())["search"] | change
    written = {key: about for key, about in written.items() if about}
    with pytest.raises(reference.StaleKeys, match=f"SearchSpec differ in .*{next(iter(change))}"):
        list(reference.rows(SearchSpec, written))


def test_an_optional_type_is_said_in_words(reference: ModuleType) -> None:
    assert reference.kind_of("int | None") == "whole number or null"


def test_every_documented_setting_is_a_key_of_the_command_line() -> None:
    settings = yaml.safe_load((DOCS / "keys.yaml").read_text())["settings"]
    with compose.session():
        composed = Composer(compose.groups(), []).base({})
        unknown = [key for key in settings if key.split(".")[-1] not in parent_of(composed, key)]
    assert unknown == []


def parent_of(composed: Any, key: str) -> Any:
    for section in key.split(".")[:-1]:
        composed = composed[section]
    return composed


@pytest.mark.parametrize(
    "override",
    [
        "model.dropout=1",
        "model.conv.kernel_size=0",
        "training.epochs=0",
        "data.folds=1",
        "data.train_size=9",
        "seeds=0",
    ],
)
def test_a_value_just_outside_of_the_documented_range_is_refused(override: str) -> None:
    with compose.session(), pytest.raises(ConfigError, match=override.partition("=")[0]):
        planner.plan([override, "model.conv.filters=[8]"])
