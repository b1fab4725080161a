"""Numbers that a launcher cannot use are refused when the sweep is planned."""

import pytest

from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.planning.launcher_settings import faults
from mnist_sweeps.planning.planner import plan_in_session

LOCAL = {"hydra.launcher._target_": "hydra_plugins.mnist_sweeps.local_launcher.LocalLauncher"}


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("workers", 0, "a whole number of at least 1"),
        ("retries", -1, "a whole number of at least 0"),
        ("recycle", 0, "a whole number of at least 1"),
        ("max_num_timeout", -1, "a whole number of at least 0"),
        ("timeout", 0, "a number above 0"),
        ("mem_gb", -4.0, "a number above 0"),
    ],
)
def test_a_number_that_is_too_small_is_a_fault(name: str, value: float, expected: str) -> None:
    key = f"hydra.launcher.{name}"
    assert [*faults({**LOCAL, key: value})] == [f"{key}={value}: expected {expected}"]
    assert [*faults({"hydra.launcher._target_": "another.Launcher", key: value})] == []


def test_what_is_not_set_is_no_fault() -> None:
    assert [*faults({**LOCAL, "hydra.launcher.workers": None, "hydra.launcher.timeout": None})] == []


@pytest.mark.parametrize(
    "words", [["hydra.launcher.recycle=0"], ["hydra/launcher=slurm", "hydra.launcher.cpus_per_task=0"]]
)
def test_a_plan_names_it_before_anything_is_trained(words: list[str]) -> None:
    with pytest.raises(ConfigError, match=r"^hydra.launcher.\w+=0: expected a whole number of at least 1$"):
        plan_in_session(["model=softmax", *words])
