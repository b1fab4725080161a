"""The launcher passes Hydra's suites by submitit's local executor; time-out and preemption, there and under Slurm."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hydra.core.singleton import Singleton
from hydra.test_utils.launcher_common_tests import IntegrationTestSuite, LauncherTestSuite
from hydra.version import VersionBase
from tests.chaos.commands import MACHINE, Sweep
from tests.hydra_plugins.slurm_cluster import NoSlurm, slurm

from mnist_sweeps.storage import run_folder

pytestmark = pytest.mark.slow
LOCAL = ["hydra/launcher=slurm", "hydra.launcher.cluster=local"]
PATIENCE = 400  # seconds; Slurm starts a requeued job after two minutes


@pytest.fixture(autouse=True)
def no_version_base() -> Iterator[None]:
    """The suites expect a process in which nobody has chosen one; our own sessions choose 1.3."""
    chosen = Singleton._instances.pop(VersionBase, None)
    yield
    if chosen is not None:
        Singleton._instances[VersionBase] = chosen


@pytest.mark.parametrize(("launcher_name", "overrides"), [("slurm", ["hydra.launcher.cluster=local"])])
class TestLauncher(LauncherTestSuite):
    pass


@pytest.mark.parametrize(("task_launcher_cfg", "extra_flags"), [({}, ["-m", *LOCAL])])
class TestIntegration(IntegrationTestSuite):
    pass


@pytest.fixture
def sweep(tmp_path: Path) -> Sweep:
    """Two variants, of which one trains for a while."""
    return Sweep(tmp_path).ask({"long": {"training.epochs": 1000}, "short": {}}, seeds=1)


def launched(sweep: Sweep, *words: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "mnist_sweeps", f"sweep={sweep.name}", *MACHINE, *words],
        cwd=sweep.home, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip


def wait_for(seen: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE
    while not seen():
        assert time.monotonic() < until
        time.sleep(0.05)


def trains(sweep: Sweep) -> bool:
    return run_folder.epochs_run(sweep.folder / "long" / "seed-0") > 3


def is_interrupted(sweep: Sweep) -> bool:
    record = run_folder.read(sweep.folder / "long" / "seed-0")
    return record is not None and record.status == "interrupted"


def job_process(sweep: Sweep) -> int:
    """The process of submitit that trains the long variant: it has that log open."""
    log = str(sweep.folder / "long" / "log.txt")
    for link in Path("/proc").glob("[0-9]*/fd/2"):
        try:
            if str(link.readlink()) == log:
                return int(link.parts[2])
        except OSError:
            continue
    raise LookupError(log)


def test_a_preempted_job_ends_its_run_as_interrupted_and_trains_it_when_requeued(sweep: Sweep) -> None:
    with launched(sweep, *LOCAL) as command:
        wait_for(lambda: trains(sweep))
        os.kill(job_process(sweep), signal.SIGUSR2)
        wait_for(lambda: is_interrupted(sweep))
        said, _ = command.communicate()
    assert command.returncode == 0, said
    assert sweep.statuses() == {"long/seed-0": "completed", "short/seed-0": "completed"}
    assert run_folder.epochs_run(sweep.folder / "long" / "seed-0") == 1000
    assert sweep.leftovers() == []
    assert not (sweep.folder / ".slurm").exists()


def test_a_job_that_times_out_too_often_is_recorded(sweep: Sweep) -> None:
    with launched(sweep, *LOCAL, "hydra.launcher.max_num_timeout=0", "hydra.launcher.timeout_min=5") as command:
        wait_for(lambda: trains(sweep))
        os.kill(job_process(sweep), signal.SIGUSR2)  # in a job this short submitit takes each signal for a time-out
        said, _ = command.communicate()
    assert command.returncode == 1, said
    assert "timed-out too many times" in said
    assert sweep.statuses() == {"long/seed-0": "interrupted", "short/seed-0": "completed"}


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    try:
        with slurm(tmp_path_factory.mktemp("slurm")):
            yield
    except NoSlurm as reason:
        pytest.skip(f"Slurm: {reason}")


@pytest.mark.usefixtures("cluster")
@pytest.mark.parametrize(
    "words", [["scontrol", "requeue"], ["scancel", "--signal=USR2"]], ids=["requeued", "before a time-out"]
)
def test_slurm_trains_a_requeued_run_again(sweep: Sweep, words: list[str]) -> None:
    with launched(sweep, "hydra/launcher=slurm") as command:
        wait_for(lambda: trains(sweep))
        jobs = subprocess.run(["squeue", "-h", "-r", "-o", "%i"], capture_output=True, text=True, check=True)
        subprocess.run([*words, jobs.stdout.split()[0]], check=True)
        said, _ = command.communicate()
    assert command.returncode == 0, said
    assert sweep.statuses() == {"long/seed-0": "completed", "short/seed-0": "completed"}
    assert run_folder.epochs_run(sweep.folder / "long" / "seed-0") == 1000
    assert sweep.leftovers() == []


@pytest.mark.usefixtures("cluster")
@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["gpus_per_node=1"], "Invalid generic resource (gres) specification"),
        (["partition=moon"], "Invalid partition name specified"),
        (["cpus_per_task=500"], "Requested node configuration is not available"),
    ],
)
def test_what_slurm_can_never_grant_is_refused_in_a_line(sweep: Sweep, words: list[str], reason: str) -> None:
    settings = [f"hydra.launcher.{word}" for word in words]
    machine = [word for word in MACHINE if not word.startswith("device")]
    with subprocess.Popen(
        [sys.executable, "-m", "mnist_sweeps", f"sweep={sweep.name}", *machine, "hydra/launcher=slurm", *settings],
        cwd=sweep.home, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    ) as command:  # fmt: skip
        said, _ = command.communicate()
    assert command.returncode == 2
    assert said.splitlines()[-1].endswith(reason)
    assert not sweep.folder.exists()
