from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import pytest

from mnist_sweeps.config.errors import nearest
from mnist_sweeps.config.schema import Config, RunKey, restore, seed_list

Make = Callable[[dict[str, Any]], Config]

CONV = {"model.conv.filters": [4, 8], "model.conv.pool_after": [2]}
PATIENT = {"training.early_stopping.patience": 2}


@pytest.mark.parametrize(("seeds", "listed"), [(3, [0, 1, 2]), ([7, 5], [7, 5])])
def test_seed_list(seeds: Any, listed: list[int]) -> None:
    assert seed_list(seeds) == listed


@pytest.mark.parametrize(
    ("folds", "names"),
    [
        pytest.param(None, ["seed 7", "seed 5"], id="no folds"),
        pytest.param(2, ["seed 7 fold 0", "seed 5 fold 0", "seed 7 fold 1", "seed 5 fold 1"], id="fold by fold"),
    ],
)
def test_the_runs_of_a_config(configured: Make, folds: int | None, names: list[str]) -> None:
    config = configured({"seeds": [7, 5], "data.folds": folds})
    assert [str(run) for run in config.runs] == names


def test_a_run_in_words() -> None:
    assert (str(RunKey(3)), str(RunKey(3, 0))) == ("seed 3", "seed 3 fold 0")


def test_nearest_makes_no_suggestion_where_nothing_is_near() -> None:
    assert nearest("zebra", ["sgd", "adam"]) == "allowed: adam, sgd"


def test_a_config_comes_back_from_its_dictionary(configured: Make) -> None:
    config = configured(
        {
            **CONV,
            **PATIENT,
            "data.train_size": 100,
            "data.folds": 3,
            "optimizer": {"name": "sgd", "momentum": 0.9},
            "seeds": [4],
        }
    )
    assert restore(asdict(config)) == config
