"""Settings through Hydra and back."""

import random
from collections.abc import Iterator
from typing import Any

import pytest
from hydra import compose as hydra_compose
from hydra.core.override_parser.overrides_parser import OverridesParser

from mnist_sweeps.config.schema import Config
from mnist_sweeps.planning import compose
from mnist_sweeps.planning.composer import Composer
from mnist_sweeps.planning.explain_errors import explain
from mnist_sweeps.planning.override_values import plain_value, quoted

HOSTILE = [
    "two words", "a,b", "a=b", "it's", '"quoted"', "${oc.env:HOME}", "\\${x}", "\\\\${x}", "\\", "a\\", "a\\'",
    "[1,2]", "{a: b}", "(", ")", "a:b", "#", "@", "%", "~x", "+x", " ", "  lead and trail  ", "true", "null", "1e-3",
    "off", "12:30", "größer", "🙂", "", "$", "$$${", "choice(1,2)", "a\tb", "*", "?",
]  # fmt: skip


@pytest.fixture(scope="module")
def session() -> Iterator[None]:
    with compose.session():
        yield


def parsed(value: str) -> Any:
    return OverridesParser.create().parse_override(f"data.path={value}")


def scrambled(count: int) -> list[str]:
    source = random.Random(0)
    return ["".join(source.choices("ab'\"\\${}[](),:= \t@%~#é/.*", k=source.randint(1, 12))) for _ in range(count)]


@pytest.mark.parametrize("value", HOSTILE)
def test_hostile_text_is_the_same_in_the_plan_and_in_the_job(session: None, value: str) -> None:
    planned = Composer(set()).variant({"data.path": value})[1]
    job = compose.to_config(hydra_compose("config", [f"data.path={quoted(value)}"]))
    assert planned.data.path == job.data.path == plain_value(parsed(quoted(value))) == value


def test_scrambled_text_survives_quoting(session: None) -> None:
    composer = Composer(set())
    for value in scrambled(300):
        assert plain_value(parsed(quoted(value))) == value
        assert composer.variant({"data.path": value})[1].data.path == value


def test_the_composed_default_is_that_of_the_dataclasses(session: None) -> None:
    config = Composer({"model"}).variant({})[1]
    assert config.optimizer == Config().optimizer
    assert config.training == Config().training
    assert config.data.name == Config().data.name
    assert config.model.hidden == [512, 256]


def test_a_row_does_not_leave_its_settings_to_the_next(session: None) -> None:
    composer = Composer({"model", "optimizer"})
    assert composer.variant({"optimizer": "sgd", "model.dropout": 0.9})[1].model.dropout == 0.9
    assert composer.variant({"optimizer": "sgd"})[1].model.dropout == 0.5
    assert len(composer.bases) == 1


def test_a_schedule_replaces_a_learning_rate(session: None) -> None:
    schedule = {"name": "exponential_decay", "initial_learning_rate": 0.1, "decay_steps": 10, "decay_rate": 0.9}
    assert Composer(set()).variant({"optimizer.learning_rate": schedule})[1].optimizer["learning_rate"] == schedule


@pytest.mark.parametrize(
    ("key", "value"), [("model.hiden", [64]), ("modle.hidden", [64]), ("training.epochs", "ten"), ("model.hidden", 3)]
)
def test_a_wrong_setting_is_named_with_its_value(session: None, key: str, value: Any) -> None:
    with pytest.raises(Exception, match="Error merging override") as refused:
        Composer(set()).variant({key: value})[1]
    assert explain(refused.value).startswith(f"{key}={quoted(value).strip(chr(39))}: ")
