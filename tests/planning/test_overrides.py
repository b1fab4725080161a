"""Overrides of a command line as what they add to a sweep."""

from collections.abc import Iterator

import pytest
from hydra.core.global_hydra import GlobalHydra
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.override_parser.types import Override

from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.planning import compose
from mnist_sweeps.planning.overrides import (
    command_of,
    override_text,
    question_overrides,
    search_paths,
    with_quoted_path,
)


@pytest.fixture(scope="module", autouse=True)
def session() -> Iterator[None]:
    with compose.session():
        yield


def parsed(*words: str) -> list[Override]:
    return OverridesParser.create(GlobalHydra.instance().config_loader()).parse_overrides(list(words))


def test_single_values_are_settings_and_several_are_axes() -> None:
    command = command_of(parsed("optimizer=sgd", "model.dropout=0,0.5", "model.hidden=[64,64]"))
    assert command.settings == {"optimizer": "sgd", "model.hidden": [64, 64]}
    assert command.axes == {"model.dropout": [0, 0.5]}


def test_a_size_is_its_file_with_dotted_keys() -> None:
    size = command_of([], "smoke").size
    assert (size["data"], size["training.epochs"], size["data.train_size"]) == ("mnist5k", 1, 500)
    assert command_of([], "full").size == {}


def test_the_sweep_and_flags_are_no_settings() -> None:
    command = command_of(parsed("sweep=quickstart", "sweep.margin=0.5", "fresh=true", "overwrite=true"))
    assert (command.settings, command.axes, command.name) == ({}, {}, "sweep.margin=0.5")


@pytest.mark.parametrize(
    ("size", "wanted", "trials"),
    [("full", None, None), ("full", 7, 7), ("smoke", None, 3), ("smoke", 2, 2), ("smoke", 9, 3)],
)
def test_the_fewest_trials_count(size: str, wanted: int | None, trials: int | None) -> None:
    command = command_of([], size, wanted)
    assert command.trials == trials
    assert "trials" not in {**command.settings, **command.size}


@pytest.mark.parametrize(
    "word",
    ["~optimizer", "planned=x", "backend=jax,tensorflow", "engine=fit,compiled", "threads=1,2", "workers=1,2",
     "device=cpu,gpu", "keep_models=best,all"],
)  # fmt: skip
def test_what_adds_nothing_clear_is_refused_as_typed(word: str) -> None:
    with pytest.raises(ConfigError) as refused:
        command_of(parsed(word))
    assert str(refused.value).startswith(f"{word}: ")


@pytest.mark.parametrize("path", ["~/mnist.npz", "my data (1)/mnist.npz", "it's [mine].npz", "a=b.npz", "/plain.npz"])
def test_a_path_needs_no_second_pair_of_quotes(path: str) -> None:
    words = with_quoted_path(["data=mnist", f"data.path={path}"])
    assert command_of(parsed(*words)).settings == {"data": "mnist", "data.path": path}


def test_where_else_to_search_is_a_list() -> None:
    assert search_paths(parsed("hydra.searchpath=[file:///a,pkg://b]", "seeds=2")) == ["file:///a", "pkg://b"]
    with pytest.raises(ConfigError, match=r"hydra.searchpath=conf: expected a list"):
        search_paths(parsed("hydra.searchpath=conf"))


def test_settings_that_do_not_change_the_question_are_in_no_name() -> None:
    typed = parsed("device=cpu", "data.path=x.npz", "fresh=true", "+optimizer.momentum='0.9'", "model=mlp,softmax")
    assert [override_text(override) for override in question_overrides(typed)] == [
        "optimizer.momentum=0.9",
        "model=mlp,softmax",
    ]
    assert command_of(typed).name == "optimizer.momentum=0.9, model=mlp,softmax"
