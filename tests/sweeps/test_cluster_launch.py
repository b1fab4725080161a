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


def test_a_cluster_that_submitit_does_not_know_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster_launch, "find_spec", lambda _: True)
    line = "hydra.launcher.cluster=slrum: did you mean slurm? allowed: local, slurm"
    with pytest.raises(ConfigError, match=f"^{re.escape(line)}$"):
        cluster_launch.slurm_reserved({"cluster": "slrum", "cpus_per_task": 1, "gpus_per_node": 0})
