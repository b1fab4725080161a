"""Errors of Hydra, OmegaConf and YAML in one line; tests/cli/test_errors.py has them as a person meets them."""

from pathlib import Path

import pytest
import yaml
from hydra.errors import MissingConfigException
from omegaconf import OmegaConf
from omegaconf.errors import OmegaConfBaseException

from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.config.schema import Config
from mnist_sweeps.planning import compose, composer
from mnist_sweeps.planning.explain_errors import explain, merge_equal_faults
from mnist_sweeps.planning.planner import plan


def test_an_error_of_the_configuration_is_its_own_explanation() -> None:
    assert explain(ConfigError("seeds=0: expected a count")) == "seeds=0: expected a count"


def test_an_error_of_another_kind_is_raised_as_it_is() -> None:
    fault = ValueError("of a programmer")
    with pytest.raises(ValueError, match="of a programmer") as raised:
        explain(fault)
    assert raised.value is fault


def test_a_file_that_cannot_be_written_is_named() -> None:
    assert explain(OSError(28, "No space left on device", "outputs/run")) == "outputs/run: No space left on device"
    assert explain(OSError(28, "No space left on device")) == "a file: No space left on device"


@pytest.mark.parametrize(
    ("launcher", "way_out"),
    [
        ("joblib", "hydra/launcher=joblib: its plugin is not installed; pip install 'mnist-sweeps[joblib]'"),
        ("submitit_local", "hydra/launcher=submitit_local: its plugin is not installed; pip install hydra-submitit"),
    ],
)
def test_a_launcher_whose_plugin_is_missing_says_what_to_install(launcher: str, way_out: str) -> None:
    error = MissingConfigException("no", missing_cfg_file=f"hydra/launcher/{launcher}", options=["basic", "local"])
    assert explain(error).startswith(way_out)


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("training.epochs", "many", "training.epochs=many: expected a whole number"),
        ("training.early_stopping.min_delta", "few", "training.early_stopping.min_delta=few: expected a number"),
        ("model.hidden", 3, "model.hidden: expected a list, like 'model.hidden=[64,64]'"),
        ("model.conv", 3, "model.conv: expected settings, like {key: value}; or {} for none"),
        ("model.conv.filter", [3], "model.conv.filter: there is no such key in model.conv; did you mean filters? "),
    ],
)
def test_a_wrong_value_or_key_is_told_with_what_is_allowed(key: str, value: object, message: str) -> None:
    with pytest.raises(OmegaConfBaseException) as refused:
        OmegaConf.update(OmegaConf.structured(Config), key, value)
    explained = explain(refused.value)
    assert explained.startswith(message)
    assert "\n" not in explained


def test_a_fault_of_yaml_is_told_with_its_line() -> None:
    with pytest.raises(yaml.YAMLError) as refused:
        yaml.safe_load("a: 1\nb: [2\nc: 3")
    assert explain(refused.value).startswith("<unicode string>, line 3: not valid YAML")


def test_faults_that_rows_share_are_one_line() -> None:
    faults = [("row a", "no momentum"), ("row b", "no kernel"), ("row c", "no momentum"), ("row d", "no momentum")]
    assert merge_equal_faults(faults) == ["row a and 2 more: no momentum", "row b: no kernel"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"question: \xff\n", "not UTF-8 (invalid start byte at byte 10); save it in UTF-8"),
        (b"common: &a [*a]\n", "nested too deeply, or within itself"),
        (b"question: !!int many\n", "ValueError: invalid literal for int() with base 10: 'many'"),
    ],
)
def test_a_file_that_hydra_cannot_read_is_named(
    content: bytes, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "conf" / "sweep" / "mine.yaml"
    file.parent.mkdir(parents=True)
    file.write_bytes(content)
    monkeypatch.chdir(tmp_path)
    with compose.session(), pytest.raises(Exception) as refused:
        plan(["sweep=mine"])
    assert explain(refused.value) == f"{file}: {reason}"


def test_what_hydra_cannot_compose_is_told_with_its_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    of_hydra = eval("lambda *_, **__: 1 / 0", {"__name__": "hydra.compose"})
    monkeypatch.setattr(composer, "compose", of_hydra)
    with compose.session(), pytest.raises(Exception) as refused:
        plan(["model=softmax"])
    reason = "the settings cannot be composed (ZeroDivisionError: division by zero); look for a value"
    assert explain(refused.value).startswith(reason)
