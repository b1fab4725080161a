"""What the launchers of clusters refuse before anything is planned."""

import re
from typing import Any

import pytest

from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.sweeps import cluster_launch

RAY = {"address": None, "num_cpus": 1, "num_gpus": 0}


def refused(settings: dict[str, Any], line: str) -> None:
    with pytest.raises(ConfigError, match=f"^{re.escape(line)}$"):
        cluster_launch.ray_reserved(settings)


def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster_launch, "find_spec", lambda _: None)
    refused(RAY, "hydra/launcher=ray: needs ray; pip install 'mnist-sweeps[ray]'")


@pytest.mark.parametrize("gpus", [1.5, -1.0])
def test_a_share_that_ray_does_not_have_is_refused(monkeypatch: pytest.MonkeyPatch, gpus: float) -> None:
    monkeypatch.setattr(cluster_launch, "find_spec", lambda _: True)
    refused(
        {**RAY, "num_gpus": gpus},
        f"hydra.launcher.num_cpus=1, hydra.launcher.num_gpus={gpus:g}: at least 0; above 1 whole GPUs only",
    )


@pytest.mark.parametrize(
    ("setting", "line"),
    [
        ({"cluster": "slrum"}, "hydra.launcher.cluster=slrum: did you mean slurm? allowed: local, slurm"),
        ({"cpus_per_task": 0}, "hydra.launcher.cpus_per_task=0: at least 1"),
        ({"gpus_per_node": -1}, "hydra.launcher.gpus_per_node=-1: at least 0"),
    ],
)
def test_what_slurm_cannot_be_asked_for_is_refused(
    monkeypatch: pytest.MonkeyPatch, setting: dict[str, Any], line: str
) -> None:
    monkeypatch.setattr(cluster_launch, "find_spec", lambda _: True)
    settings = {"cluster": "slurm", "cpus_per_task": 1, "gpus_per_node": 0, "timeout_min": 60, "array_parallelism": 1}
    with pytest.raises(ConfigError, match=f"^{re.escape(line)}$"):
        cluster_launch.slurm_reserved({**settings, **setting})
