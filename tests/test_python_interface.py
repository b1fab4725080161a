"""`mnist_sweeps.load` and `build`, as a notebook uses them."""

from pathlib import Path

import pytest
from hydra import compose, initialize_config_dir
from hydra.core.global_hydra import GlobalHydra
from tests.synthetic_sweep import Sweep

import mnist_sweeps
from mnist_sweeps.planning.compose import session
from mnist_sweeps.planning.planner import plan


def test_names_that_look_like_missing_values_or_numbers_stay_names(sweep: Sweep) -> None:
    names = ["None", "NA", "nan", "0.001", "1e3", "true", "null"]
    for name in names:
        sweep.row(name, [0.9, 0.91])
    table = mnist_sweeps.load(sweep.save())
    assert table["variant"].tolist() == names
    assert table["test_accuracy_mean"].dtype == float


@pytest.fixture
def hydra_of_the_caller(tmp_path: Path) -> str:
    """A Hydra session with a config `theirs`, as the owner of a notebook has one."""
    (tmp_path / "theirs.yaml").write_text("rate: 0.1\n")
    initialize_config_dir(str(tmp_path), version_base="1.2")
    yield "theirs"
    GlobalHydra.instance().clear()


def test_a_hydra_session_of_the_caller_is_set_aside_and_put_back(hydra_of_the_caller: str) -> None:
    with session():
        (variant,) = plan(["model=softmax"]).rows
    assert variant.config.model.hidden == []
    assert compose(hydra_of_the_caller) == {"rate": 0.1}
