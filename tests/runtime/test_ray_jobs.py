"""When jobs are given to a Ray cluster, and when again; the cluster is pretended."""

from collections.abc import Iterator
from typing import Any

import pytest

from mnist_sweeps.runtime import ray_jobs
from mnist_sweeps.runtime.ray_cluster import Share
from mnist_sweeps.runtime.ray_tasks import ENDED
from mnist_sweeps.runtime.workers import Lost, Rules

SLOTS = 2


class Tasks:
    """Ends one job at a time, the oldest first: with the parts of its argument, the first of which may be a Lost."""

    idle = 0  # looks before the first job has parts

    def __init__(self, *_: Any) -> None:
        self.running: dict[int, Any] = {}
        self.tries: dict[int, int] = {}

    def submit(self, index: int, argument: Any) -> None:
        self.running[index] = argument
        self.tries[index] = self.tries.get(index, 0) + 1

    def parts(self) -> Iterator[tuple[int, Any]]:
        if self.idle:
            self.idle -= 1
            return
        index, (first, *parts) = next(iter(self.running.items()))
        yield index, first
        if index in self.running:
            del self.running[index]
            if not isinstance(first, Lost):
                yield from ((index, part) for part in [*parts, ENDED])

    def stop(self, index: int) -> None:
        self.running.pop(index, None)


class Log:
    """What happened to jobs, in its order."""

    def __init__(self, jobs: list[Any], retries: int = 0, ahead: int = 0) -> None:
        self.events: list[tuple[str, int]] = []
        self.results = ray_jobs.run(
            lambda job: iter(job), self.requested(jobs), self.argument, Share(1, 0), Rules(retries=retries),
            lambda index, part: part != "stop", self.lost, lambda index, result: self.event("ended", index), ahead,
        )  # fmt: skip

    def event(self, kind: str, index: int) -> None:
        self.events.append((kind, index))

    def requested(self, jobs: list[Any]) -> Iterator[Any]:
        for index, job in enumerate(jobs):
            self.event("requested", index)
            yield job

    def argument(self, index: int, job: Any) -> Any:
        """Of a job that is a list of tries, that of the next one."""
        return job.pop(0) if isinstance(job, list) else job

    def lost(self, index: int, lost: Lost) -> None:
        self.event(lost.status, index)


@pytest.fixture(autouse=True)
def pretended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ray_jobs, "Tasks", Tasks)
    monkeypatch.setattr(ray_jobs, "slots", lambda share: SLOTS)


def test_a_job_is_requested_when_the_cluster_can_run_it_after_the_last_one_was_reported() -> None:
    log = Log([("part", number) for number in range(4)])
    assert log.results == [0, 1, 2, 3]
    assert log.events == [
        ("requested", 0), ("requested", 1), ("ended", 0), ("requested", 2),
        ("ended", 1), ("requested", 3), ("ended", 2), ("ended", 3),
    ]  # fmt: skip


@pytest.mark.parametrize(("ahead", "under_way"), [(0, 2), (2, 4)])
def test_no_job_waits_at_ray_but_those_ahead(monkeypatch: pytest.MonkeyPatch, ahead: int, under_way: int) -> None:
    monkeypatch.setattr(Tasks, "idle", 9)
    events = Log([("part", number) for number in range(6)], ahead=ahead).events
    assert events.index(("ended", 0)) == under_way


def test_a_lost_job_is_tried_again_before_another_is_requested() -> None:
    log = Log([[(Lost("killed", "node"),), ("part", 0)], ("part", 1), ("part", 2)], retries=1)
    assert log.results == [0, 1, 2]
    assert log.events[:3] == [("requested", 0), ("requested", 1), ("ended", 1)]


def test_a_job_that_is_lost_for_good_or_stopped_has_ended() -> None:
    log = Log([(Lost("killed", "node"),), (Lost("failed", "its own error"),), ("stop",)])
    assert [getattr(result, "status", result) for result in log.results] == ["killed", "failed", None]
    kinds = [event for event in log.events if event[0] != "requested"]
    assert kinds == [("killed", 0), ("ended", 0), ("failed", 1), ("ended", 1), ("ended", 2)]


def test_at_ctrl_c_each_job_that_runs_or_would_be_tried_again_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    lost: list[tuple[int, str]] = []

    def interrupt(self: Tasks) -> Iterator[tuple[int, Any]]:
        self.running.pop(0)
        yield 0, Lost("killed", "node")
        raise KeyboardInterrupt

    monkeypatch.setattr(Tasks, "parts", interrupt)
    with pytest.raises(KeyboardInterrupt):
        ray_jobs.run(
            iter, ["a", "b", "c"], lambda index, job: job, Share(1, 0), Rules(retries=1),
            lambda index, part: True, lambda index, loss: lost.append((index, loss.status)),
        )  # fmt: skip
    assert sorted(lost) == [(0, "interrupted"), (1, "interrupted")]
