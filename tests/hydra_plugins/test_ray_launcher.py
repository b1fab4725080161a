"""The launcher passes Hydra's suites on a real cluster, and a sweep survives the loss of a node."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from hydra.core.singleton import Singleton
from hydra.test_utils.launcher_common_tests import IntegrationTestSuite, LauncherTestSuite
from hydra.version import VersionBase
from tests.acting_job import act
from tests.chaos.commands import COMMON, MACHINE, Sweep

from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.runtime import ray_cluster, ray_jobs
from mnist_sweeps.runtime.ray_cluster import Share
from mnist_sweeps.runtime.workers import Lost, Rules

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("default")]  # Ray has its own


@pytest.fixture(autouse=True)
def no_version_base() -> Iterator[None]:
    """The suites expect a process in which nobody has chosen one; our own sessions choose 1.3."""
    chosen = Singleton._instances.pop(VersionBase, None)
    yield
    if chosen is not None:
        Singleton._instances[VersionBase] = chosen


@pytest.mark.parametrize(("launcher_name", "overrides"), [("ray", [])])
class TestLauncher(LauncherTestSuite):
    pass


@pytest.mark.parametrize(("task_launcher_cfg", "extra_flags"), [({}, ["-m", "hydra/launcher=ray"])])
class TestIntegration(IntegrationTestSuite):
    pass


def jobs(*numbers: Any, **rules: Any) -> tuple[list[Any], list[tuple[int, str]]]:
    """The results of `act`, and what `on_lost` was told."""
    ray_cluster.connect(None)
    told: list[tuple[int, str]] = []
    results = ray_jobs.run(
        act_in_parts, numbers, lambda index, job: job, Share(1, 0), Rules(**rules),
        lambda index, part: part != "stop", lambda index, lost: told.append((index, lost.status)),
    )  # fmt: skip
    return [result.status if isinstance(result, Lost) else result for result in results], told


def act_in_parts(job: Any) -> Iterator[Any]:
    """What a Ray job yields: its kind, then its value."""
    value = act(job)
    yield job[0]
    yield value


def test_two_hundred_short_jobs_return_in_order() -> None:
    results, told = jobs(*(("value", number) for number in range(200)))
    assert results == [*range(200)]
    assert told == []


def test_a_lost_worker_costs_a_retry(tmp_path: Path) -> None:
    results, told = jobs(("once", str(tmp_path / "died")), ("exit", 1), ("value", 3), retries=1)
    assert results == [str(tmp_path / "died"), "killed", 3]
    assert told == [(1, "killed")]


def test_an_error_a_time_out_and_a_stop_cost_their_job_alone() -> None:
    results, told = jobs(("raise", ValueError("no")), ("sleep", 600), ("stop", 0), ("value", 4), timeout=3)
    assert results == ["failed", "timed_out", None, 4]
    assert sorted(told) == [(0, "failed"), (1, "timed_out")]


@pytest.mark.parametrize(("share", "key"), [(Share(1, 1), "num_gpus=1"), (Share(500, 0), "num_cpus=500")])
def test_a_share_that_no_node_has_is_refused(share: Share, key: str) -> None:
    ray_cluster.connect(None)
    with pytest.raises(ConfigError, match=f"hydra.launcher.{key}: the nodes of the Ray cluster have"):
        ray_cluster.check(share)


@pytest.fixture
def cluster() -> Iterator[Any]:
    """Three nodes; that of the driver has no CPU, so that it trains nothing."""
    from ray.cluster_utils import Cluster

    cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 0})
    yield cluster
    cluster.shutdown()


def launched(sweep: Sweep, cluster: Any, *words: str) -> "subprocess.Popen[str]":
    settings = ["hydra/launcher=ray", f"hydra.launcher.address={cluster.address}", "hydra.launcher.copy_results=true"]
    return subprocess.Popen(
        [sys.executable, "-m", "mnist_sweeps", f"sweep={sweep.name}", *MACHINE, *settings, *words],
        cwd=sweep.home, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip


@pytest.fixture
def sweep(tmp_path: Path) -> Sweep:
    rows = {f"rate {number}": {"optimizer.learning_rate": 0.01 * number} for number in range(1, 7)}
    return Sweep(tmp_path).ask(rows)


def test_a_node_that_is_lost_costs_its_jobs_a_retry(sweep: Sweep, cluster: Any) -> None:
    victim, _ = cluster.add_node(num_cpus=1), cluster.add_node(num_cpus=1)
    command = launched(sweep, cluster)
    said = []
    with command:
        assert command.stdout is not None
        for line in command.stdout:
            said.append(line)
            if line.startswith("2/12 "):  # the victim trains
                cluster.remove_node(victim, allow_graceful=False)
    assert command.returncode == 0, "".join(said)
    assert set(sweep.statuses().values()) == {"completed"}
    assert len(sweep.statuses()) == 12
    assert sum("/12 rate" in line for line in said) == 12
    assert sweep.leftovers() == []


def test_an_asynchronous_search_draws_a_trial_for_each_node_that_is_free(tmp_path: Path, cluster: Any) -> None:
    for _ in range(2):
        cluster.add_node(num_cpus=1)
    sweep = Sweep(tmp_path, "found").ask({})
    search = {"trials": 6, "asynchronous": True, "space": {"optimizer.learning_rate": "interval(0.001, 0.1)"}}
    content = {"question": "Which rate?", "common": {**COMMON, "data.validation": 0.2}, "search": search}
    (tmp_path / "conf" / "sweep" / "found.yaml").write_text(yaml.safe_dump(content))
    command = launched(sweep, cluster)
    said, _ = command.communicate()
    assert command.returncode == 0, said
    assert list(sweep.statuses().values()) == ["completed"] * 12
    found = yaml.safe_load((sweep.folder / "sweep.yaml").read_text())["search"]
    assert found["running"][:2] == [[], [0]]  # drawn at once, for two nodes
    assert {len(places) for places in found["running"][2:]} <= {0, 1}
    assert all(score is not None for score in found["scores"])
    before = sweep.finished()
    again = launched(sweep, cluster)
    again.communicate()
    assert again.returncode == 0
    assert sweep.finished() == before


def test_a_gpu_that_no_node_has_is_refused_before_anything_is_trained(sweep: Sweep, cluster: Any) -> None:
    cluster.add_node(num_cpus=1)
    command = launched(sweep, cluster, "hydra.launcher.num_gpus=0.5", "device=gpu")
    said, _ = command.communicate()
    assert command.returncode == 2
    assert "hydra.launcher.num_gpus=0.5: the nodes of the Ray cluster have no GPU" in said.splitlines()
    assert not sweep.folder.exists()
