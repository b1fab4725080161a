"""What becomes of a job's end; tests/hydra_plugins/test_slurm_launcher.py has whole jobs."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

pytest.importorskip("submitit")

from submitit.core.utils import FailedJobError

from mnist_sweeps.runtime import slurm_jobs
from mnist_sweeps.runtime.slurm_requeue import PREEMPTED, interrupted_when_requeued

TRACE = "Job (task=0) failed:\n{dashes}\nTraceback\n  File\n{last}\n{dashes}\nYou can check full logs at\n  - path"


@pytest.fixture
def requeues() -> Iterator[None]:
    """Stands for submitit, whose handler requeues the job and exits."""

    def handler(*_: Any) -> None:
        raise SystemExit(-1)

    before = signal.signal(PREEMPTED, handler)
    yield
    signal.signal(PREEMPTED, before)


@pytest.mark.usefixtures("requeues")
def test_a_requeue_interrupts_the_code_and_then_exits() -> None:
    seen = []
    with pytest.raises(SystemExit), interrupted_when_requeued():
        try:
            os.kill(os.getpid(), PREEMPTED)
        except KeyboardInterrupt:
            seen.append("interrupted")
            raise
    assert seen == ["interrupted"]


@pytest.mark.usefixtures("requeues")
def test_an_interrupt_of_another_kind_stays_one() -> None:
    with pytest.raises(KeyboardInterrupt), interrupted_when_requeued():
        raise KeyboardInterrupt


@pytest.mark.parametrize(
    ("last", "status"),
    [
        ("submitit.core.utils.UncompletedJobError: Job not requeued because: timed-out too many times.", "timed_out"),
        ("ValueError: no", "failed"),
    ],
)
def test_a_job_without_a_value_says_why(tmp_path: Path, last: str, status: str) -> None:
    def result() -> None:
        raise FailedJobError(TRACE.format(dashes="-" * 22, last=last))

    lost = slurm_jobs._outcome(SimpleNamespace(paths=SimpleNamespace(result_pickle=tmp_path), result=result))
    assert (lost.status, str(lost)) == (status, last)


def test_a_job_that_left_the_queue_without_a_result_was_killed(tmp_path: Path) -> None:
    paths = SimpleNamespace(result_pickle=tmp_path / "missing", stderr="job.err")
    assert slurm_jobs._outcome(SimpleNamespace(paths=paths, job_id="7")).status == "killed"
